/** A backup listing, parsed: what the snapshot repository and the backup store of the brokers say that they hold. */

export const componentNames = [
  "operate",
  "tasklist",
  "webapps",
  "optimize",
  "zeebe-records",
  "zeebe",
] as const;
export type ComponentName = (typeof componentNames)[number];

/** One snapshot of the repository, from the body of `GET _snapshot/<repository>/_all`. */
export interface Snapshot {
  readonly name: string;
  readonly state: string;
  readonly startMs: number | null;
  readonly shardsFailed: number;
  readonly failures: number;
  readonly indices: readonly string[];
  /** Null where the name is not one that a backup of this product has. */
  readonly part: SnapshotPart | null;
}

export interface SnapshotPart {
  readonly component: ComponentName;
  readonly id: string;
  /** Null for the snapshot of the records: its name has no version. */
  readonly version: string | null;
  readonly number: number;
  readonly total: number;
  /** The name that another part of the same backup has. */
  readonly nameOf: (number: number) => string;
}

/** Fields of `manifest.json` that a restore reads. Source: `CompletedBackupManifest`, `BackupDescriptorImpl` (8.6). */
export interface Manifest {
  readonly statusCode: string;
  readonly failureReason: string | null;
  readonly partition: number | null;
  readonly backupId: string | null;
  readonly descriptor: {
    readonly snapshotId: string | null;
    readonly checkpointPosition: number;
    readonly numberOfPartitions: number;
    readonly brokerVersion: string;
  } | null;
  readonly snapshotFiles: readonly string[];
  readonly segmentFiles: readonly string[];
  readonly createdMs: number | null;
}

export type StoredManifest =
  | { readonly kind: "read"; readonly manifest: Manifest }
  | { readonly kind: "missing" }
  /** The listing names it, its text was not handed in. */
  | { readonly kind: "not-given" }
  | { readonly kind: "broken"; readonly problem: string };

/** Everything below `<partition>/<id>/<node>/` of the backup store. */
export interface StoredPartition {
  readonly partition: number;
  readonly id: string;
  readonly node: string;
  readonly manifest: StoredManifest;
  /** Bytes by path below the node: `segments/…`, `snapshot/…`. */
  readonly files: ReadonlyMap<string, number>;
}

/** What the reader of the listing knows of the installation; `expect.json`. */
export interface Expectation {
  readonly partitions: number | null;
  readonly components: readonly ComponentName[] | null;
  /** Names of indices, `*` for any characters, that the snapshots of a set must hold between them. */
  readonly indices: readonly string[];
}

export interface SetListing {
  readonly snapshots: readonly Snapshot[];
  readonly stored: readonly StoredPartition[];
  readonly expected: Expectation;
}

/** The elements of one backup id. */
export interface ListedSet {
  readonly id: string;
  readonly snapshots: readonly (Snapshot & { readonly part: SnapshotPart })[];
  readonly stored: readonly StoredPartition[];
}

const partName = /^camunda_(webapps|operate|tasklist|optimize)_(\d+)_(.+)_part_(\d+)_of_(\d+)$/;
const recordsName = /^camunda_zeebe_records_backup_(\d+)$/;

/**
 * Takes a snapshot's name apart.
 * Source: docs.camunda.io, backup and restore, 8.6 to 8.9: one name per component, id, version and part.
 */
export function parseSnapshotName(name: string): SnapshotPart | null {
  const records = recordsName.exec(name);
  if (records?.[1] !== undefined) {
    const [, id] = records;
    return { component: "zeebe-records", id, version: null, number: 1, total: 1, nameOf: () => name };
  }
  const [, component, id, version, number, total] = partName.exec(name) ?? [];
  const known = componentNames.find((candidate) => candidate === component);
  if (known === undefined || id === undefined || version === undefined) return null;
  return {
    component: known,
    id,
    version,
    number: Number(number),
    total: Number(total),
    nameOf: (other) => `camunda_${known}_${id}_${version}_part_${other}_of_${total}`,
  };
}

/** Every id that any component holds, in the order of the ids: they only ever grow. */
export function listSets({ snapshots, stored }: SetListing): ListedSet[] {
  const named = snapshots.flatMap(({ part, ...rest }) => (part === null ? [] : [{ ...rest, part }]));
  const ids = new Set([...named.map(({ part }) => part.id), ...stored.map(({ id }) => id)]);
  return [...ids].toSorted(compareIds).map((id) => ({
    id,
    snapshots: named.filter(({ part }) => part.id === id),
    stored: stored.filter((folder) => folder.id === id),
  }));
}

/** Ids are whole numbers that may be longer than a double holds exactly. */
function compareIds(left: string, right: string): number {
  const difference = BigInt(left) - BigInt(right);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** An instant for people and for comparison by eye, as the product's own listings write it. */
export function timeWords(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
