import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describeBytes } from "../damage/bytes.ts";
import { defineFault, hasStore } from "../core/fault.ts";

const manifest = /^store\/zeebe\/\d+\/\d+\/\d+\/manifest\.json$/;

/** The object that says what belongs to one partition's backup is gone from the store. */
export default defineFault({
  id: "backup-manifest-missing",
  title: "The manifest of one partition's backup is gone from the store",
  source: "camunda F5, observed as (f2)",
  caughtBy: ["partitions-complete", "restore-follows-order"],
  target: { components: ["positions", "indices"] },
  isDefault: true,
  fits: hasStore("zeebe"),
  async inject({ setFolder, artefacts, pick }) {
    const candidates = artefacts.filter(({ path }) => manifest.test(path));
    const chosen = candidates[pick(candidates.length)];
    if (chosen === undefined) return [];
    const path = join(setFolder, chosen.path);
    const before = describeBytes(await readFile(path));
    await rm(path);
    return [{ subject: chosen.path, before, after: "absent" }];
  },
});
