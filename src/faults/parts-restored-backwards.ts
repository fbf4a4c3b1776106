import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defineFault, hasStore } from "../core/fault.ts";

/** The architecture page forbids another order than 1 to N; the step-by-step pages say that any order will do. */
export default defineFault({
  id: "parts-restored-backwards",
  title: "The parts of the indices are restored from the last to the first",
  source: 'camunda A.9: "any order" and "do not restore parts out of order"',
  caughtBy: [],
  target: { components: [] },
  expected: "either",
  fits: hasStore("zeebe"),
  async inject({ setFolder }) {
    const path = join(setFolder, "parts.txt");
    const before = (await readFile(path, "utf8").catch(() => "")).trim().split("\n");
    if (before.length < 2) return [];
    const after = before.toReversed();
    await writeFile(path, `${after.join("\n")}\n`);
    return [{ subject: "order of the parts", before: before.join(", "), after: after.join(", ") }];
  },
});
