import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DirectoryStack } from "../stack/directory-stack.ts";
import { ownerOf, stateOfOwner } from "../stack/labels.ts";
import { endProcessesOf } from "../stack/process-owner.ts";
import { keptMarker } from "../stack/sweep.ts";

const ownerFile = "owner";

/**
 * Makes the private folder of a run and says whose it is.
 * @returns false where another run has it already.
 */
export async function claimWorkFolder(folder: string): Promise<boolean> {
  await mkdir(dirname(folder), { recursive: true });
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw thrown;
  }
  await writeFile(join(folder, ownerFile), ownerOf(process.pid));
  return true;
}

/** Whether the run that made a work folder is still at work. */
async function hasLivingOwner(folder: string): Promise<boolean> {
  const owner = await readFile(join(folder, ownerFile), "utf8").catch(() => "");
  return owner !== "" && stateOfOwner(owner) !== "left-behind";
}

/**
 * Ends the processes and removes the folders that killed runs left below `.muster/runs`; kept ones only with `everything`.
 * @returns names of the folders removed.
 */
export async function sweepWorkFolders(
  projectFolder: string,
  options: { readonly everything: boolean },
): Promise<string[]> {
  const runs = join(projectFolder, ".muster/runs");
  const removed: string[] = [];
  for (const name of await readdir(runs).catch(() => [])) {
    const folder = join(runs, name);
    if ((await hasLivingOwner(folder)) || (!options.everything && existsSync(join(folder, keptMarker))))
      continue;
    await endProcessesOf(folder);
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      if (!entry.isDirectory()) continue;
      const spec = { kind: "directory", program: "" } as const;
      await new DirectoryStack({
        spec,
        projectName: name,
        workFolder: join(folder, entry.name),
        deployment: [],
        startLimitMs: 0,
      }).down();
    }
    await rm(folder, { recursive: true, force: true });
    removed.push(name);
  }
  return removed;
}
