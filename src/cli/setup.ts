import { exitStatus } from "../core/errors.ts";
import type { Project } from "../run/project.ts";
import { findEngine } from "../stack/engine.ts";
import { prepareStackParts } from "./engine-parts.ts";

/** Engine and images of every system; the wrapper has brought Node and the packages. */
export async function setupCommand(
  project: Project,
  options: { readonly installEngine?: boolean },
): Promise<number> {
  const log = (line: string) => process.stderr.write(`  ${line}\n`);
  const engine = await findEngine();
  if (!engine.answers && options.installEngine !== true && !process.stdin.isTTY) {
    process.stdout.write(
      "Node and packages are ready; `./muster run tutorial/cold` works now.\nNo container engine answers: type ./muster setup --install-engine for the drills that need one.\n",
    );
    return exitStatus.verified;
  }
  for (const id of await project.systemIds()) {
    const system = await project.loadSystem(id);
    const images = await prepareStackParts(system, {
      projectFolder: project.folder,
      installEngine: options.installEngine === true,
      log,
    });
    for (const [variable, image] of images) process.stdout.write(`${id}: ${variable} is ${image}\n`);
  }
  process.stdout.write("ready\n");
  return exitStatus.verified;
}
