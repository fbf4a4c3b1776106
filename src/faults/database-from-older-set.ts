import { createHash } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { defineFault, type Fault, type FaultEffect } from "../core/fault.ts";

/** Components of TheHive with data of their own; a set that is taken while the application runs has a folder for each. */
const dataComponents = ["cassandra", "elasticsearch", "files"];

/**
 * A set of two generations: parts of the older one replace those of the newer. Findings may be told from every side, since
 * two generations share no cut.
 */
export function mixSets(
  fault: Pick<Fault, "id" | "title"> & {
    readonly older: readonly string[];
    readonly caughtBy: readonly string[];
  },
): Fault {
  const { older, ...named } = fault;
  return defineFault({
    ...named,
    source: "dossier F26, D3, D4: each part of a backup is chosen by itself",
    target: { components: dataComponents, invariants: ["references-resolve"] },
    generations: "two",
    fits: (components, procedure) =>
      procedure?.mode === "hot" && components.some(({ store }) => store === "cassandra"),
    async inject({ setFolder, otherSetFolder }) {
      const effects: FaultEffect[] = [];
      for (const component of otherSetFolder === undefined ? [] : older) {
        const folder = join(setFolder, component);
        const before = `newer generation, ${await describe(folder)}`;
        await rm(folder, { recursive: true });
        await $({ quiet: true })`cp -a ${join(otherSetFolder ?? "", component)} ${folder}`;
        effects.push({ subject: component, before, after: `older generation, ${await describe(folder)}` });
      }
      return effects;
    },
  });
}

/** Names and sizes of all files in a few words. */
async function describe(folder: string): Promise<string> {
  const paths = (await readdir(folder, { recursive: true })).toSorted();
  const hash = createHash("sha256");
  for (const path of paths) hash.update(`${path} ${(await stat(join(folder, path))).size}\n`);
  return `${paths.length} entries, listing ${hash.digest("hex").slice(0, 12)}`;
}

/** Rows of an older backup under an index and files of a newer one. */
export default mixSets({
  id: "database-from-older-set",
  title: "The database comes from an older backup than index and files",
  older: ["cassandra"],
  caughtBy: ["acknowledged-writes-survive", "index-agrees-with-store"],
});
