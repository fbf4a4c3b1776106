import { join } from "node:path";
import type { Stack } from "../core/stack.ts";
import { ComposeStack } from "../stack/compose-stack.ts";
import { DirectoryStack } from "../stack/directory-stack.ts";
import { labelsOf } from "../stack/labels.ts";
import type { RunContext } from "./context.ts";

/** Time that a whole stack may take until it is healthy. */
const startLimitMs = 300_000;

/** Opens a stack of the run's system under a name of its own; nothing is started. */
export async function openStack(
  context: RunContext,
  options: { readonly projectName: string; readonly stackFolder: string },
): Promise<Stack> {
  const { system, project, runId, secrets, images } = context;
  const deployment = await system.deployment({
    secret: (name) => secrets.secret(name),
    image: (variable) => images.get(variable) ?? "",
    projectFolder: project.folder,
  });
  const { projectName } = options;
  const workFolder = join(context.workFolder, options.stackFolder);
  if (system.stack.kind === "directory") {
    return new DirectoryStack({ spec: system.stack, projectName, workFolder, deployment, startLimitMs });
  }
  return await ComposeStack.create({
    spec: system.stack,
    projectFolder: project.folder,
    projectName,
    workFolder,
    deployment,
    labels: labelsOf(runId, context.workFolder),
    startLimitMs,
  });
}
