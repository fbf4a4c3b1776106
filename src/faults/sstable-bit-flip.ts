import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describeBytes, flipBit } from "../core/damage.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** A bit flips in the middle of the largest data file of the graph: the server starts, and fails when the row is read. */
export default defineFault({
  id: "sstable-bit-flip",
  title: "One bit of a Cassandra data file is flipped",
  source: "dossier F2: corrupt Data.db",
  caughtBy: ["sstables-match-their-digest"],
  target: { components: ["sstables", "cassandra", "api"] },
  isDefault: true,
  fits: hasStore("cassandra"),
  async inject({ setFolder, artefacts }) {
    const files = artefacts
      .filter(({ path }) => /\/edgestore-[^/]+\/[^/]+-Data\.db$/.test(path))
      .toSorted((left, right) => (right.bytes ?? 0) - (left.bytes ?? 0));
    const chosen = files[0];
    if (chosen === undefined) return [];
    const path = join(setFolder, chosen.path);
    const before = await readFile(path);
    const after = flipBit(before, Math.floor(before.length / 2));
    await writeFile(path, after);
    return [{ subject: chosen.path, before: describeBytes(before), after: describeBytes(after) }];
  },
});
