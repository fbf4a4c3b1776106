import { join } from "node:path";
import type { Stack } from "../core/stack.ts";
import type { DeploymentFile, System } from "../core/system.ts";
import { ComposeStack } from "../stack/compose-stack.ts";
import { DirectoryStack } from "../stack/directory-stack.ts";
import { labelsOf } from "../stack/labels.ts";

/** Time that a whole stack may take until it is healthy. */
const startLimitMs = 300_000;

/** Opens the stack of a system under a name of its own; nothing is started. */
export async function openStack(options: {
  readonly system: System;
  readonly projectFolder: string;
  readonly runId: string;
  readonly projectName: string;
  /** Private folder of the whole run; named in the labels. */
  readonly runWorkFolder: string;
  readonly stackFolder: string;
  readonly deployment: readonly DeploymentFile[];
}): Promise<Stack> {
  const { system, projectName, deployment, projectFolder } = options;
  const workFolder = join(options.runWorkFolder, options.stackFolder);
  if (system.stack.kind === "directory") {
    return new DirectoryStack({ spec: system.stack, projectName, workFolder, deployment, startLimitMs });
  }
  return await ComposeStack.create({
    spec: system.stack,
    projectFolder,
    projectName,
    workFolder,
    deployment,
    labels: labelsOf(options.runId, options.runWorkFolder),
    startLimitMs,
  });
}
