import { z } from "zod";
import { observation } from "../../core/seen.ts";
import type { StackHandle, TreeEntry } from "../../core/stack.ts";
import type { Seen } from "../../core/system.ts";
import { parseExactJson } from "../../stores/exact-json.ts";
import type { Gateway } from "./gateway.ts";
import { highestPosition } from "./raft-log.ts";

/** Positions of the partitions: from the engine while it runs, from its files while it is down. Source: camunda-observed, section 4; layout of 8.6.0. */

/** How far each partition has exported. */
export async function* runningPositions(gateway: Gateway): AsyncIterable<Seen> {
  for (const [partition, { exportedPosition }] of Object.entries(await gateway.partitions()))
    if (exportedPosition !== null)
      yield observation("exported-position", partition, { seq: exportedPosition });
}

const dataFolder = "/usr/local/camunda/data";
/** `<index>-<term>-<processed position>-<exported position>-<node>`, followed by a checksum in some versions. */
const snapshotName = /\/snapshots\/\d+-\d+-\d+-(\d+)-\d+(?:-[0-9a-f]+)?$/;
const partitionFolder = /^raft-partition\/partitions\/(\d+)(?:\/|$)/;
/** Left by the restore tool until the first start: the backup that the files came from. */
const restoredFrom = /\/restoring-(\d+)$/;
const segmentFile = /^raft-partition\/partitions\/(\d+)\/raft-partition-partition-\d+-\d+\.log$/;

/** What was put back of one partition; without a snapshot it exports from the beginning. */
interface RestoredPartition {
  exported: number;
  logEnd: number;
  backup: string | undefined;
}

/** How far each partition's log reaches, and from where it will export again. */
export async function* restoredPositions(stack: StackHandle): AsyncIterable<Seen> {
  const found = new Map<string, RestoredPartition>();
  for await (const entry of stack.readTree("zeebe", dataFolder)) {
    const isSegment = segmentFile.test(entry.path);
    const content = await contentOf(entry, isSegment);
    const number = partitionFolder.exec(entry.path)?.[1];
    if (number === undefined) continue;
    const partition = found.get(number) ?? { exported: 0, logEnd: 0, backup: undefined };
    found.set(number, partition);
    if (isSegment) partition.logEnd = Math.max(partition.logEnd, highestPosition(content));
    partition.backup ??= restoredFrom.exec(entry.path)?.[1];
    const exported = entry.kind === "directory" ? snapshotName.exec(entry.path)?.[1] : undefined;
    if (exported !== undefined) partition.exported = Number(exported);
  }
  for (const [number, { exported, logEnd }] of found) {
    yield observation("exporter-position", number, { seq: exported });
    yield observation("log-end", number, { seq: logEnd });
  }
  yield* checkpoints(stack, found);
}

async function contentOf(entry: TreeEntry, isWanted: boolean): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  if (entry.kind === "file") for await (const chunk of entry.content) if (isWanted) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const manifestSchema = z.object({
  descriptor: z.object({ checkpointPosition: z.int() }),
});
const manifestPath = /^(\d+)\/(\d+)\/\d+\/manifest\.json$/;

/** The cut of each partition in the backup that it was restored from, as the store says it; none after a cold restore. */
async function* checkpoints(
  stack: StackHandle,
  restored: ReadonlyMap<string, RestoredPartition>,
): AsyncIterable<Seen> {
  if ([...restored.values()].every(({ backup }) => backup === undefined)) return;
  for await (const entry of stack.readTree("s3", "/data/zeebe")) {
    const [, partition = "", backup] = manifestPath.exec(entry.path) ?? [];
    const isWanted = backup !== undefined && restored.get(partition)?.backup === backup;
    const content = await contentOf(entry, isWanted);
    if (!isWanted) continue;
    const { descriptor } = manifestSchema.parse(parseExactJson(content.toString("utf8")));
    yield observation("checkpoint", partition, { seq: descriptor.checkpointPosition });
  }
}
