import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { describeBytes } from "../damage/bytes.ts";
import { defineFault, hasStore } from "../core/fault.ts";

const repositoryIndex = /^repository\/index-\d+$/;
const snapshotsSchema = z.object({ snapshots: z.array(z.object({ name: z.string(), uuid: z.string() })) });

/** One part of Operate's backup is gone from the snapshot repository: its index file still names it. */
export default defineFault({
  id: "snapshot-part-missing",
  title: "One part of Operate's backup is gone from the snapshot repository",
  source: "camunda F5, observed as (f1)",
  caughtBy: ["indices-hold-what-was-settled", "restore-follows-order"],
  target: { components: ["indices", "positions"] },
  isDefault: true,
  fits: hasStore("operate"),
  async inject({ setFolder, artefacts, pick }) {
    const index = artefacts.find(({ path }) => repositoryIndex.test(path));
    if (index === undefined) return [];
    const { snapshots } = snapshotsSchema.parse(
      JSON.parse(await readFile(join(setFolder, index.path), "utf8")),
    );
    const parts = snapshots.filter(({ name }) => name.startsWith("camunda_operate_"));
    const chosen = parts[pick(parts.length)];
    if (chosen === undefined) return [];
    const path = join(setFolder, "repository", `snap-${chosen.uuid}.dat`);
    const before = describeBytes(await readFile(path));
    await rm(path);
    return [{ subject: chosen.name, before, after: "absent" }];
  },
});
