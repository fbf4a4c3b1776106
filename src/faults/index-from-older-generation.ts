import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { defineFault } from "../core/fault.ts";

const indexStores = ["elasticsearch", "jsonl"];

/** The index comes from an older backup than the store: what was written in between is there, but no search finds it. */
export default defineFault({
  id: "index-from-older-generation",
  title: "The index comes from an older backup than the store",
  source: "dossier F9: index older than the database",
  caughtBy: ["index-agrees-with-store"],
  // Two generations share no cut by nature, and that is told from the side of the store too.
  target: { components: ["elasticsearch", "search"], invariants: ["stores-share-one-cut"] },
  generations: "two",
  isDefault: true,
  fits: (components) => components.some(({ store }) => indexStores.includes(store)),
  async inject({ setFolder, otherSetFolder, components }) {
    const index = components.find(({ store }) => indexStores.includes(store));
    if (index === undefined || otherSetFolder === undefined) return [];
    const folder = join(setFolder, index.id);
    const before = await describe(folder);
    await rm(folder, { recursive: true });
    // With owners: a store that may not write would fail for another reason than the one that is injected.
    await $({ quiet: true })`cp -a ${join(otherSetFolder, index.id)} ${folder}`;
    return [
      {
        subject: index.id,
        before: `newer generation, ${before}`,
        after: `older generation, ${await describe(folder)}`,
      },
    ];
  },
});

async function describe(folder: string): Promise<string> {
  return `${(await readdir(folder, { recursive: true })).length} entries`;
}
