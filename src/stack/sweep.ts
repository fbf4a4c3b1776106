import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { docker } from "./docker-client.ts";
import { ignoreAbsent } from "./compose-removal.ts";
import { ownershipOf, runLabel, workFolderOf } from "./labels.ts";

/** File in a work folder that says: `--keep` was asked for, leave the stack to the user. */
export const keptMarker = "kept";

/**
 * Removes what killed runs left, found by label alone. Things of a run that is still at work, of another machine, or
 * kept on purpose stay; with `everything`, kept ones go too. Unlabelled things are never looked at.
 * @returns one line for each thing removed.
 */
export async function sweepLeftovers(options: { readonly everything: boolean }): Promise<string[]> {
  const filters = { label: [runLabel] };
  const removed: string[] = [];
  const folders = new Set<string>();
  const isLeft = (labels: Readonly<Record<string, string>> = {}): boolean => {
    const folder = workFolderOf(labels);
    const kept = folder !== undefined && existsSync(join(folder, keptMarker));
    const left = ownershipOf(labels) === "left-behind" && (options.everything || !kept);
    if (left && folder !== undefined) folders.add(folder);
    return left;
  };
  for (const { Id, Names, Labels } of await docker.listContainers({ all: true, filters })) {
    if (!isLeft(Labels)) continue;
    await ignoreAbsent(docker.getContainer(Id).remove({ force: true, v: true }));
    removed.push(`container ${(Names[0] ?? Id).replace(/^\//, "")}`);
  }
  for (const { Name, Labels } of (await docker.listVolumes({ filters })).Volumes ?? []) {
    if (!isLeft(Labels)) continue;
    await ignoreAbsent(docker.getVolume(Name).remove());
    removed.push(`volume ${Name}`);
  }
  for (const { Id, Name, Labels } of await docker.listNetworks({ filters })) {
    if (!isLeft(Labels)) continue;
    await ignoreAbsent(docker.getNetwork(Id).remove());
    removed.push(`network ${Name}`);
  }
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
  return removed;
}
