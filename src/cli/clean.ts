import { exitStatus } from "../core/errors.ts";
import type { Project } from "../run/project.ts";
import { sweepWorkFolders } from "../run/work-folder.ts";
import { findEngine } from "../stack/engine.ts";
import { sweepLeftovers } from "../stack/sweep.ts";

/** Removes what killed and kept runs left: labelled things of the engine, and work folders whose run is over. */
export async function cleanCommand(project: Project): Promise<number> {
  const removed = (await findEngine()).answers ? await sweepLeftovers({ everything: true }) : [];
  for (const name of await sweepWorkFolders(project.folder, { everything: true }))
    removed.push(`work folder ${name}`);
  process.stdout.write(
    removed.length === 0 ? "nothing was left\n" : `${removed.map((line) => `removed ${line}`).join("\n")}\n`,
  );
  return exitStatus.verified;
}
