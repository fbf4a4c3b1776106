import type { SetFinding } from "../../../core/set-lint.ts";
import { keyOf } from "./judge-partitions.ts";
import { doubt, fault } from "./judge-snapshots.ts";
import { timeWords, type ListedSet, type StoredPartition } from "./listing.ts";

/**
 * The order in which the elements of one set were taken: all snapshots, that of the records after the others, and then
 * the partitions. Otherwise the indices are ahead of the engine, and show work that it never heard of.
 * Source: docs.camunda.io, backup, 8.6 to 8.9; 8.6.0, observed: 78 such instances after a restore of a newer index.
 */
export function judgeTimes(set: ListedSet, folders: readonly StoredPartition[]): SetFinding[] {
  const first = firstPartition(folders);
  const records = set.snapshots.find(({ part }) => part.component === "zeebe-records");
  const snapshots = set.snapshots.flatMap(({ name, startMs, part }): SetFinding[] => {
    if (startMs === null) return [doubt(name, "has no start time: its place in the order is not known")];
    if (first !== null && startMs > first.createdMs)
      return [
        fault(
          name,
          `begun ${timeWords(startMs)}, after partition ${first.partition} at ${timeWords(first.createdMs)}`,
        ),
      ];
    const late = part.component !== "zeebe-records" && startMs > (records?.startMs ?? Infinity);
    return late
      ? [fault(name, `begun ${timeWords(startMs)}, after the records at ${timeWords(records?.startMs ?? 0)}`)]
      : [];
  });
  const undated = folders
    .filter(({ manifest }) => manifest.kind === "read" && manifest.manifest.statusCode === "COMPLETED")
    .filter((folder) => createdMs(folder) === null)
    .map((folder) =>
      doubt(`${keyOf(folder)}/manifest.json`, "has no createdAt: its place in the order is not known"),
    );
  return [...snapshots, ...undated];
}

function firstPartition(
  folders: readonly StoredPartition[],
): { readonly partition: number; readonly createdMs: number } | null {
  const dated = folders.flatMap((folder) => {
    const created = createdMs(folder);
    return created === null ? [] : [{ partition: folder.partition, createdMs: created }];
  });
  return dated.toSorted((left, right) => left.createdMs - right.createdMs)[0] ?? null;
}

function createdMs({ manifest }: StoredPartition): number | null {
  return manifest.kind === "read" ? manifest.manifest.createdMs : null;
}

/** When the brokers began with a set, and when anything of it was begun. */
export function beginningsOf(set: ListedSet): {
  readonly broker: number | null;
  readonly any: number | null;
} {
  const brokers = set.stored.flatMap((folder) => createdMs(folder) ?? []);
  const all = [...brokers, ...set.snapshots.flatMap(({ startMs }) => startMs ?? [])];
  return { broker: least(brokers), any: least(all) };
}

function least(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.min(...values);
}

/**
 * Ids must grow with time. The brokers refuse an id that does not, so where theirs run against the clock the clock was
 * set back, and the order within the set cannot be told from times.
 * Source: docs.camunda.io, backup id; 8.6.0, observed: 409 from the broker, 200 from Operate for a lower unused id.
 */
export function judgeIdOrder(set: ListedSet, lower: readonly ListedSet[]): SetFinding[] {
  const own = beginningsOf(set).broker;
  const later = lower.find((other) => own !== null && (beginningsOf(other).broker ?? -Infinity) > own);
  if (own === null || later === undefined) return [];
  const theirs = timeWords(beginningsOf(later).broker ?? 0);
  return [
    doubt(
      `id ${set.id}`,
      `the brokers took it at ${timeWords(own)}, and the lower id ${later.id} at ${theirs}: a clock was set back`,
    ),
  ];
}

/** Ids that a component took out of order: only the brokers refuse them. */
export function noteIdOrder(sets: readonly ListedSet[]): string[] {
  const newest = new Map<string, { readonly id: string; readonly startMs: number }>();
  const notes: string[] = [];
  for (const { id, snapshots } of sets.toReversed()) {
    for (const [component, parts] of Map.groupBy(snapshots, ({ part }) => part.component)) {
      const startMs = least(parts.flatMap(({ startMs }) => startMs ?? []));
      const higher = newest.get(component);
      if (startMs === null) continue;
      if (higher !== undefined && startMs > higher.startMs)
        notes.push(`${component} took id ${id} after the higher id ${higher.id}: ids must grow with time`);
      if (higher === undefined || startMs < higher.startMs) newest.set(component, { id, startMs });
    }
  }
  return notes;
}
