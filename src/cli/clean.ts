import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { exitStatus } from "../core/errors.ts";
import { hasLivingOwner } from "../run/work-folder.ts";
import type { Project } from "../run/project.ts";
import { findEngine } from "../stack/engine.ts";
import { sweepLeftovers } from "../stack/sweep.ts";

/** Removes what killed and kept runs left: labelled things of the engine, and work folders whose run is over. */
export async function cleanCommand(project: Project): Promise<number> {
  const removed = (await findEngine()).answers ? await sweepLeftovers({ everything: true }) : [];
  const runs = join(project.folder, ".muster/runs");
  for (const name of await readdir(runs).catch(() => [])) {
    const folder = join(runs, name);
    if (!(await stat(folder)).isDirectory() || (await hasLivingOwner(folder))) continue;
    await rm(folder, { recursive: true, force: true });
    removed.push(`work folder ${name}`);
  }
  process.stdout.write(removed.length === 0 ? "nothing was left\n" : `${removed.map((line) => `removed ${line}`).join("\n")}\n`);
  return exitStatus.verified;
}
