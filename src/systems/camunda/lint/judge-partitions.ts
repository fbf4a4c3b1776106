import type { HeldComponent, SetFinding } from "../../../core/set-lint.ts";
import { doubt, fault } from "./judge-snapshots.ts";
import type { ListedSet, Manifest, StoredPartition } from "./listing.ts";

/** Partition ids have 13 bits in every key of the engine. Source: `Protocol.PARTITION_BITS`. */
const mostPartitions = 8192;

export interface JudgedPartitions {
  readonly findings: readonly SetFinding[];
  readonly held: HeldComponent;
  /** The folder of each partition that a restore would take. */
  readonly folders: readonly StoredPartition[];
}

/**
 * Completeness of what the brokers' backup store must hold of a set. The status call of the product reads manifests
 * only and goes on saying COMPLETED when files are gone, so every file that a manifest names is looked for.
 * Source: 8.6.0, observed: segments removed, manifest kept: status COMPLETED, restore exit 1.
 */
export function judgePartitions(
  set: ListedSet,
  known: { readonly partitions: number | null; readonly highest: number; readonly expected: boolean },
): JudgedPartitions {
  const declared = [
    ...new Set(set.stored.flatMap(({ manifest }) => descriptorOf(manifest)?.numberOfPartitions ?? [])),
  ].toSorted((left, right) => left - right);
  const count = Math.max(known.partitions ?? 0, ...declared) || known.highest;
  if (set.stored.length === 0) {
    const findings = known.expected ? [fault("zeebe", "no partition of it is in the backup store")] : [];
    return { findings, held: { component: "zeebe", held: "none" }, folders: [] };
  }
  if (count > mostPartitions) {
    const findings = [fault("zeebe", `its manifests say that there are ${count} partitions`)];
    return { findings, held: { component: "zeebe", held: `?/${count}` }, folders: [] };
  }
  const partitions = Array.from({ length: count }, (_, at) => judgePartition(set, at + 1));
  const whole = partitions.filter(({ findings }) => findings.length === 0).length;
  return {
    findings: [
      ...judgeCount(declared, known.partitions),
      ...partitions.flatMap(({ findings }) => findings),
      ...set.stored
        .filter(({ partition }) => partition < 1 || partition > count)
        .map((folder) => fault(keyOf(folder), `is beyond the ${count} partitions of the backup`)),
    ],
    held: { component: "zeebe", held: `${whole}/${count}` },
    folders: partitions.flatMap(({ folder }) => (folder === null ? [] : [folder])),
  };
}

/** Path of a partition's folder in the store. */
export function keyOf({ partition, id, node }: StoredPartition): string {
  return `${partition}/${id}/${node}`;
}

function descriptorOf(manifest: StoredPartition["manifest"]): Manifest["descriptor"] {
  return manifest.kind === "read" ? manifest.manifest.descriptor : null;
}

/** Source: 8.6.0, observed: with another number of partitions configured, `bin/restore` ends with exit 1. */
function judgeCount(declared: readonly number[], expected: number | null): SetFinding[] {
  return [
    ...(declared.length > 1
      ? [fault("zeebe", `its manifests disagree on the number of partitions: ${declared.join(", ")}`)]
      : []),
    ...declared
      .filter((count) => expected !== null && count !== expected)
      .map((count) => fault("zeebe", `is a backup of ${count} partitions, and ${expected} are expected`)),
  ];
}

/** After a change of leader more than one node may have left a folder; a restore takes the one that is complete. */
function judgePartition(
  set: ListedSet,
  partition: number,
): { readonly findings: readonly SetFinding[]; readonly folder: StoredPartition | null } {
  const judged = set.stored
    .filter((folder) => folder.partition === partition)
    .map((folder) => ({ folder, findings: judgeFolder(folder) }))
    .toSorted((left, right) => left.findings.length - right.findings.length);
  return (
    judged[0] ?? {
      findings: [
        fault(`partition ${partition}`, `nothing of ${partition}/${set.id}/ is in the backup store`),
      ],
      folder: null,
    }
  );
}

function judgeFolder(folder: StoredPartition): SetFinding[] {
  const key = `${keyOf(folder)}/manifest.json`;
  switch (folder.manifest.kind) {
    case "missing":
      return [fault(key, "missing, though files of the partition are there")];
    case "not-given":
      return [doubt(key, "is in the store, and its text was not handed in: put it below manifests/")];
    case "broken":
      return [fault(key, `cannot be read: ${folder.manifest.problem}`)];
    case "read":
      return judgeManifest(folder, folder.manifest.manifest, key);
  }
}

function judgeManifest(folder: StoredPartition, manifest: Manifest, key: string): SetFinding[] {
  const { statusCode, failureReason, descriptor } = manifest;
  if (statusCode !== "COMPLETED") {
    const reason = failureReason === null ? "" : ` (${failureReason})`;
    return [fault(key, `its status is ${statusCode}${reason}, not COMPLETED`)];
  }
  if (descriptor === null) return [fault(key, "has no descriptor, which a restore reads")];
  const ofOther =
    (manifest.partition ?? folder.partition) !== folder.partition ||
    (manifest.backupId ?? folder.id) !== folder.id;
  return [
    ...(ofOther
      ? [fault(key, `belongs to partition ${manifest.partition} of backup ${manifest.backupId}`)]
      : []),
    ...(manifest.segmentFiles.length === 0
      ? [fault(key, "names no segment, so the log holds no record at the checkpoint")]
      : []),
    ...(descriptor.snapshotId !== null && manifest.snapshotFiles.length === 0
      ? [fault(key, `names snapshot ${descriptor.snapshotId} and no file of it`)]
      : []),
    ...judgeSnapshotPosition(descriptor, key),
    ...judgeFiles(folder, manifest),
  ];
}

/**
 * A snapshot's id is `<index>-<term>-<processed>-<exported>-<node>`; one that was processed beyond the checkpoint holds
 * state that the cut of the other partitions lacks. Source: 8.6.0, observed; not seen to happen.
 */
function judgeSnapshotPosition(
  { snapshotId, checkpointPosition }: NonNullable<Manifest["descriptor"]>,
  key: string,
): SetFinding[] {
  const processed = /^\d+-\d+-(\d+)-\d+(?:-|$)/.exec(snapshotId ?? "")?.[1];
  return processed !== undefined && Number(processed) > checkpointPosition
    ? [fault(key, `its snapshot was processed to ${processed}, beyond the checkpoint ${checkpointPosition}`)]
    : [];
}

function judgeFiles(folder: StoredPartition, manifest: Manifest): SetFinding[] {
  const named = [
    ...manifest.segmentFiles.map((file) => `segments/${file}`),
    ...manifest.snapshotFiles.map((file) => `snapshot/${file}`),
  ];
  return named.flatMap((path) => {
    const bytes = folder.files.get(path);
    if (bytes === undefined)
      return [fault(`${keyOf(folder)}/${path}`, "named in the manifest, not in the store")];
    // A segment is preallocated: it is never empty. A file of the state may be.
    return bytes === 0 && path.startsWith("segments/") ? [fault(`${keyOf(folder)}/${path}`, "is empty")] : [];
  });
}
