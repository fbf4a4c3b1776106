import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DirectoryStack } from "../stack/directory-stack.ts";
import { ownerOf, stateOfOwner } from "../stack/labels.ts";
import { keptMarker } from "../stack/sweep.ts";

const ownerFile = "owner";

/** Makes the private folder of a run and says whose it is. */
export async function makeWorkFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, ownerFile), ownerOf(process.pid));
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
