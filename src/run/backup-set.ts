import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ComponentSpec } from "../core/system.ts";
import type { Artefact } from "../core/tables.ts";

/** One file of a set as it lies there. */
export interface SetFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Hashes every file and link of a set, in path order; independent of any manifest that the runbook wrote. */
export async function listSet(folder: string): Promise<SetFile[]> {
  const paths = (await readdir(folder, { recursive: true })).toSorted();
  const files: SetFile[] = [];
  for (const path of paths) {
    const stats = await lstat(join(folder, path));
    if (stats.isDirectory()) continue;
    const sha256 = stats.isFile()
      ? await hashFile(join(folder, path))
      : hashText(stats.isSymbolicLink() ? await readlink(join(folder, path)) : "special");
    files.push({ path, bytes: stats.size, sha256 });
  }
  return files;
}

/** SHA-256 of a file, streamed. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Artefacts: what the set held when it was taken, beside what was found at restore time. */
export function compareSets(
  taken: readonly SetFile[],
  found: readonly SetFile[],
  components: readonly ComponentSpec[],
): Artefact[] {
  const takenByPath = new Map(taken.map((file) => [file.path, file]));
  const foundByPath = new Map(found.map((file) => [file.path, file]));
  const paths = [...new Set([...takenByPath.keys(), ...foundByPath.keys()])].toSorted();
  return paths.map((path) => ({
    path,
    component: componentOfPath(path, components),
    bytes: takenByPath.get(path)?.bytes ?? null,
    sha256: takenByPath.get(path)?.sha256 ?? null,
    found_bytes: foundByPath.get(path)?.bytes ?? null,
    found_sha256: foundByPath.get(path)?.sha256 ?? null,
  }));
}

/** A runbook keeps each component's artefacts in a folder of the component's name; the rest belongs to the set. */
function componentOfPath(path: string, components: readonly ComponentSpec[]): string {
  const first = path.split("/")[0] ?? "";
  return components.some(({ id }) => id === first) ? first : "set";
}
