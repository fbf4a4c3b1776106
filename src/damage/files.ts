import { chown, lstat, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Fault, FaultContext, FaultEffect } from "../core/fault.ts";
import type { Artefact } from "../core/tables.ts";
import { describeBytes } from "./bytes.ts";
import { deletedObjects } from "./objects.ts";

/** Damage to files of a copied set. Each piece gives its effects, and none where the set holds nothing of the kind. */

type Inject = Fault["inject"];
type Change = (bytes: Buffer, context: FaultContext) => Buffer | undefined;

/**
 * A stored attachment is named by its SHA-256; an empty one has nothing that could be damaged, and one that S3 has marked as
 * deleted has nothing that anybody could read.
 */
export async function blobs(
  artefacts: readonly Artefact[],
  { setFolder }: Pick<FaultContext, "setFolder">,
): Promise<readonly Artefact[]> {
  const deleted = await deletedObjects(setFolder);
  return artefacts.filter(
    ({ path, bytes }) => /(^|\/)[0-9a-f]{64}$/.test(path) && (bytes ?? 0) > 0 && !deleted.has(path),
  );
}

/** Files by a pattern of their path, the largest first. */
export function largest(pattern: RegExp): (artefacts: readonly Artefact[]) => readonly Artefact[] {
  return (artefacts) =>
    artefacts
      .filter(({ path }) => pattern.test(path))
      .toSorted((left, right) => (right.bytes ?? 0) - (left.bytes ?? 0))
      .slice(0, 1);
}

/** Changes one of the files, or removes it where `change` gives nothing; the seed picks which. */
export function oneOf(
  choose: (
    artefacts: readonly Artefact[],
    context: FaultContext,
  ) => readonly Artefact[] | Promise<readonly Artefact[]>,
  change: Change,
): Inject {
  return async (context) => {
    const candidates = await choose(context.artefacts, context);
    const chosen = candidates[context.pick(Math.max(candidates.length, 1))];
    return chosen === undefined ? [] : [await changeFile(context, chosen.path, change)];
  };
}

/** Changes the file of this name, where the set has it. */
export function named(path: string | RegExp, change: Change): Inject {
  const isMeant = (candidate: string) =>
    typeof path === "string" ? candidate === path : path.test(candidate);
  return oneOf((artefacts) => artefacts.filter((artefact) => isMeant(artefact.path)).slice(0, 1), change);
}

/** For `change`: the file goes. */
export const removed: Change = () => undefined;

/** For `change`: a text with something in it replaced. */
export function replaced(pattern: RegExp, by: string): Change {
  return (bytes) => Buffer.from(bytes.toString("utf8").replace(pattern, by));
}

/** Changes one file in place, owner and mode kept. */
export async function changeFile(
  context: FaultContext,
  subject: string,
  change: Change,
): Promise<FaultEffect> {
  const path = join(context.setFolder, subject);
  const bytes = await readFile(path);
  const before = describeBytes(bytes);
  const changed = change(bytes, context);
  if (changed === undefined) await rm(path);
  else await writeFile(path, changed);
  return { subject, before, after: changed === undefined ? "absent" : describeBytes(changed) };
}

/** Files below folders that match go; the folders stay, or go too. */
export function emptied(folder: RegExp, options: { readonly withFolder: boolean }): Inject {
  return async ({ setFolder }) => {
    const effects: FaultEffect[] = [];
    for (const subject of await foldersOf(setFolder, folder)) {
      const before = await describeFolder(join(setFolder, subject));
      if (options.withFolder) await rm(join(setFolder, subject), { recursive: true });
      else
        for (const name of await readdir(join(setFolder, subject)))
          await rm(join(setFolder, subject, name), { recursive: true });
      effects.push({ subject, before, after: await describeFolder(join(setFolder, subject)) });
    }
    return effects;
  };
}

/** Files and folders get another name. */
export function renamed(pattern: RegExp, by: string): Inject {
  return async ({ setFolder }) => {
    const effects: FaultEffect[] = [];
    // From the deepest, so that no name changes under a path that is still to come.
    const paths = (await readdir(setFolder, { recursive: true })).toSorted().toReversed();
    for (const subject of paths.filter((path) => pattern.test(path))) {
      const after = subject.replace(pattern, by);
      await rename(join(setFolder, subject), join(setFolder, after));
      effects.push({ subject, before: subject, after });
    }
    return effects;
  };
}

/** Everything that matches belongs to another user, and nobody else may write to it. */
export function givenTo(uid: number, pattern: RegExp): Inject {
  return async ({ setFolder }) => {
    const effects: FaultEffect[] = [];
    const paths = (await readdir(setFolder, { recursive: true })).toSorted();
    for (const subject of paths.filter((path) => pattern.test(path))) {
      const path = join(setFolder, subject);
      const before = await lstat(path);
      await chown(path, uid, uid);
      const after = await lstat(path);
      effects.push({ subject, before: `${before.uid}:${before.gid}`, after: `${after.uid}:${after.gid}` });
    }
    return effects;
  };
}

async function foldersOf(setFolder: string, pattern: RegExp): Promise<string[]> {
  const entries = await readdir(setFolder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name).slice(setFolder.length + 1))
    .filter((path) => pattern.test(path))
    .toSorted();
}

/** Number of entries of a folder in words. */
async function describeFolder(path: string): Promise<string> {
  const names = await readdir(path, { recursive: true }).catch(() => undefined);
  return names === undefined ? "absent" : `${names.length} entries`;
}
