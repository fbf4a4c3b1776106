import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describeBytes } from "../damage/bytes.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** The end of the archive is missing, and with it the list of what is in it. */
export default defineFault({
  id: "snapshot-archive-truncated",
  title: "The last tenth of the snapshot archive is missing",
  source: "dossier cloudify F1: truncated zip",
  caughtBy: ["acknowledged-writes-survive", "restore-follows-order"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  isDefault: true,
  async inject({ setFolder }) {
    const path = join(setFolder, "snapshot.zip");
    const before = await readFile(path);
    const after = before.subarray(0, Math.floor(before.length * 0.9));
    await writeFile(path, after);
    return [{ subject: "snapshot.zip", before: describeBytes(before), after: describeBytes(after) }];
  },
});
