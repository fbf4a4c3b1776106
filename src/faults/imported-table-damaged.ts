import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describeBytes, flipBit } from "../core/damage.ts";
import { defineFault } from "../core/fault.ts";

/** A bit flips in the largest SSTable of the graph before it is imported. */
export default defineFault({
  id: "imported-table-damaged",
  title: "One bit of an SSTable is flipped before it is imported",
  source: "dossier F2 and D10: archives are opened only after the keyspace was dropped",
  caughtBy: ["restore-follows-order", "acknowledged-writes-survive"],
  target: { components: ["cassandra"] },
  fits: (components, procedure) =>
    procedure?.mode === "hot" && components.some(({ store }) => store === "cassandra"),
  async inject({ setFolder, artefacts }) {
    const [chosen] = artefacts
      .filter(({ path }) => /^cassandra\/edgestore\/[^/]+-Data\.db$/.test(path))
      .toSorted((left, right) => (right.bytes ?? 0) - (left.bytes ?? 0));
    if (chosen === undefined) return [];
    const path = join(setFolder, chosen.path);
    const before = await readFile(path);
    const after = flipBit(before, Math.floor(before.length / 2));
    await writeFile(path, after);
    return [{ subject: chosen.path, before: describeBytes(before), after: describeBytes(after) }];
  },
});
