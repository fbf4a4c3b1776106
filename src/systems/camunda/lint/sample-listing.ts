import type { SetLint } from "../../../core/set-lint.ts";
import {
  parseSnapshotName,
  type Manifest,
  type SetListing,
  type Snapshot,
  type StoredPartition,
} from "./listing.ts";

/** For tests: a listing in which nothing is wrong, of any size. */

/** Times of the sample are whole minutes from the epoch. */
export const minute = 60_000;

export interface Shape {
  readonly partitions: number;
  readonly parts: number;
  readonly segments: number;
  readonly oneHistory: boolean;
}

/** A snapshot without fault, by its name. */
export function snapshotNamed(name: string, startMs: number): Snapshot {
  const part = parseSnapshotName(name);
  return { name, state: "SUCCESS", startMs, shardsFailed: 0, failures: 0, indices: [], part };
}

/** A listing of one whole set, id 7. */
export function goodListing({ partitions, parts, segments, oneHistory }: Shape): SetListing {
  const version = oneHistory ? "8.8.3" : "8.6.0";
  const names = (component: string, total: number) =>
    Array.from({ length: total }, (_, at) => `camunda_${component}_7_${version}_part_${at + 1}_of_${total}`);
  const history = oneHistory ? ["webapps"] : ["operate", "tasklist"];
  const snapshots = [...history.flatMap((component) => names(component, parts)), ...names("optimize", 2)];
  return {
    snapshots: [
      ...snapshots.map((name, at) => snapshotNamed(name, minute + at)),
      snapshotNamed("camunda_zeebe_records_backup_7", 2 * minute),
    ],
    stored: Array.from({ length: partitions }, (_, at) =>
      goodPartition(at + 1, version, { partitions, segments }),
    ),
    expected: {
      partitions: null,
      components: [
        ...(oneHistory ? ["webapps" as const] : ["operate" as const, "tasklist" as const]),
        "optimize",
        "zeebe-records",
        "zeebe",
      ],
      indices: [],
    },
  };
}

function goodPartition(
  partition: number,
  brokerVersion: string,
  { partitions, segments }: Pick<Shape, "partitions" | "segments">,
): StoredPartition {
  const segmentFiles = Array.from({ length: segments }, (_, at) => `partition-${partition}-${at + 1}.log`);
  const snapshotFiles = ["CURRENT", "000009.sst"];
  const manifest: Manifest = {
    statusCode: "COMPLETED",
    failureReason: null,
    partition,
    backupId: "7",
    descriptor: {
      snapshotId: "4-1-90-88-0",
      checkpointPosition: 99,
      numberOfPartitions: partitions,
      brokerVersion,
    },
    snapshotFiles,
    segmentFiles,
    createdMs: 3 * minute,
  };
  const paths = [
    ...segmentFiles.map((file) => `segments/${file}`),
    ...snapshotFiles.map((file) => `snapshot/${file}`),
  ];
  return {
    partition,
    id: "7",
    node: "0",
    manifest: { kind: "read", manifest },
    files: new Map(paths.map((path) => [path, 1])),
  };
}

/** `subject: problem` of every finding of one set. */
export function findingsOf(lint: SetLint, id: string): string[] {
  return (lint.sets.find((set) => set.id === id)?.findings ?? []).map(
    ({ subject, problem }) => `${subject}: ${problem}`,
  );
}
