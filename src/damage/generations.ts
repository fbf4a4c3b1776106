import { createHash } from "node:crypto";
import { lstat, readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { defineFault, hasStore, type Fault, type FaultEffect, type FaultWords } from "../core/fault.ts";
import type { ComponentSpec } from "../core/system.ts";

/** Sets that mix two generations: folders of some components come from the older backup. */

/** What a component is to the application, by the kinds of store that can be it. */
const roles = {
  database: ["cassandra", "sqlite"],
  index: ["elasticsearch", "jsonl"],
  files: ["files"],
} as const;
type Role = keyof typeof roles;

/**
 * A set of two generations: parts of the older one replace those of the newer. Findings may be told from every side, since
 * two generations share no cut.
 */
export function mixSets(
  fault: Pick<FaultWords, "id" | "title" | "caughtBy" | "isDefault"> &
    Partial<Pick<FaultWords, "source" | "fits">> & { readonly older: readonly Role[] },
): Fault {
  const { older, ...words } = fault;
  return defineFault({
    source: "dossier F26, D3, D4: each part of a backup is chosen by itself",
    target: { components: "all" },
    fits: hasStore(...roles.database),
    ...words,
    generations: "two",
    async inject({ setFolder, otherSetFolder, components }) {
      const effects: FaultEffect[] = [];
      for (const subject of otherSetFolder === undefined ? [] : componentsOf(components, older)) {
        const folder = join(setFolder, subject);
        const before = await describe(folder);
        await rm(folder, { recursive: true });
        // With owners: a store that may not write would fail for another reason than the one that is injected.
        await $({ quiet: true })`cp -a ${join(otherSetFolder ?? "", subject)} ${folder}`;
        effects.push({ subject, before, after: await describe(folder) });
      }
      return effects;
    },
  });
}

/** Of several components with files the first: attachments come before settings. */
function componentsOf(components: readonly ComponentSpec[], wanted: readonly Role[]): string[] {
  return wanted.flatMap((role) => {
    const stores: readonly string[] = roles[role];
    return components.find(({ store }) => stores.includes(store))?.id ?? [];
  });
}

/** Number of entries, and a digest over all names and bytes: two generations of the same content are no fault. */
async function describe(folder: string): Promise<string> {
  const paths = (await readdir(folder, { recursive: true })).toSorted();
  const hash = createHash("sha256");
  for (const path of paths) {
    hash.update(`${path}\n`);
    if ((await lstat(join(folder, path))).isFile()) hash.update(await readFile(join(folder, path)));
  }
  return `${paths.length} entries, digest ${hash.digest("hex").slice(0, 12)}`;
}
