import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describeBytes, flipBit } from "../damage/bytes.ts";
import { defineFault, hasStore } from "../core/fault.ts";

const segment = /\/raft-partition-partition-\d+-\d+\.log$/;
const flippedBytes = 64;
/** Behind the descriptor and the first records, so that the broker finds a log and misses what follows. */
const firstByte = 4_096;

/** Bytes of a log segment are turned over: the manifest holds no checksum, so the backup goes on saying COMPLETED. */
export default defineFault({
  id: "log-segment-bytes-flipped",
  title: "64 bytes of one partition's log segment are turned over",
  source: "camunda F6, observed as (f4)",
  caughtBy: ["partitions-complete", "log-reaches-the-cut", "restore-follows-order"],
  target: {
    components: ["positions", "indices"],
    invariants: ["indices-not-ahead-of-the-engine"],
  },
  isDefault: true,
  fits: hasStore("zeebe"),
  async inject({ setFolder, artefacts, pick }) {
    const candidates = artefacts.filter(({ path }) => segment.test(path));
    const chosen = candidates[pick(candidates.length)];
    if (chosen === undefined) return [];
    const path = join(setFolder, chosen.path);
    const before = await readFile(path);
    let after: Buffer = before;
    for (let offset = 0; offset < flippedBytes; offset += 1) after = flipBit(after, firstByte + offset);
    await writeFile(path, after);
    return [{ subject: chosen.path, before: describeBytes(before), after: describeBytes(after) }];
  },
});
