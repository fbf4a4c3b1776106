import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { verdictOfLint } from "../../../core/set-lint.ts";
import { judgeListing } from "./lint-set.ts";
import type { Manifest, SetListing, StoredPartition } from "./listing.ts";
import { findingsOf, goodListing, minute, snapshotNamed } from "./sample-listing.ts";

/** The listing without one element, and the words that must name it. */
function removals(listing: SetListing): { readonly without: SetListing; readonly named: string }[] {
  const changeStored = (at: number, change: (folder: StoredPartition) => StoredPartition) => ({
    ...listing,
    stored: listing.stored.map((folder, index) => (index === at ? change(folder) : folder)),
  });
  return [
    ...listing.snapshots.map((snapshot) => ({
      without: { ...listing, snapshots: listing.snapshots.filter((other) => other !== snapshot) },
      named:
        listing.snapshots.filter(({ part }) => part?.component === snapshot.part?.component).length === 1
          ? (snapshot.part?.component ?? "")
          : snapshot.name,
    })),
    ...listing.stored.flatMap((folder, at) => [
      {
        without: { ...listing, stored: listing.stored.filter((other) => other !== folder) },
        named: listing.stored.length === 1 ? "zeebe" : `partition ${folder.partition}`,
      },
      {
        without: changeStored(at, (stored) => ({ ...stored, manifest: { kind: "missing" } })),
        named: `${folder.partition}/7/0/manifest.json`,
      },
      ...[...folder.files.keys()].map((path) => ({
        without: changeStored(at, (stored) => ({
          ...stored,
          files: new Map([...stored.files].filter(([other]) => other !== path)),
        })),
        named: `${folder.partition}/7/0/${path}`,
      })),
    ]),
  ];
}

const anyShape = fc.record({
  partitions: fc.integer({ min: 1, max: 5 }),
  parts: fc.integer({ min: 1, max: 7 }),
  segments: fc.integer({ min: 1, max: 3 }),
  oneHistory: fc.boolean(),
});

test("a good set is restorable, and without any one of its elements it is not and the element is named", () => {
  fc.assert(
    fc.property(anyShape, (shape) => {
      const listing = goodListing(shape);
      expect(judgeListing(listing).sets.map(({ findings }) => findings)).toEqual([[]]);
      for (const { without, named } of removals(listing)) {
        const lint = judgeListing(without);
        expect({ named, verdict: verdictOfLint(lint) }).toEqual({ named, verdict: "not-restorable" });
        expect(lint.sets[0]?.findings.map(({ subject }) => subject)).toEqual([named]);
      }
    }),
    { numRuns: 60 },
  );
});

describe("rules of one set", () => {
  const good = goodListing({ partitions: 2, parts: 3, segments: 1, oneHistory: false });
  const changed = (changes: Partial<Manifest>, at = 1): SetListing => ({
    ...good,
    stored: good.stored.map((folder, index) =>
      index === at && folder.manifest.kind === "read"
        ? { ...folder, manifest: { kind: "read", manifest: { ...folder.manifest.manifest, ...changes } } }
        : folder,
    ),
  });
  const descriptor = {
    snapshotId: null,
    checkpointPosition: 99,
    numberOfPartitions: 2,
    brokerVersion: "8.6.0",
  };
  const judged = (listing: SetListing) => findingsOf(judgeListing(listing), "7");

  test.each([
    [
      "a status in progress",
      changed({ statusCode: "IN_PROGRESS" }),
      "2/7/0/manifest.json: its status is IN_PROGRESS, not COMPLETED",
    ],
    [
      "another partition's manifest",
      changed({ partition: 1 }),
      "2/7/0/manifest.json: belongs to partition 1 of backup 7",
    ],
    [
      "no segment",
      changed({ segmentFiles: [] }),
      "2/7/0/manifest.json: names no segment, so the log holds no record at the checkpoint",
    ],
    [
      "a snapshot of no files",
      changed({ snapshotFiles: [] }),
      "2/7/0/manifest.json: names snapshot 4-1-90-88-0 and no file of it",
    ],
    [
      "a snapshot beyond the checkpoint",
      changed({ descriptor: { ...descriptor, snapshotId: "4-1-120-88-0" } }),
      "2/7/0/manifest.json: its snapshot was processed to 120, beyond the checkpoint 99",
    ],
    [
      "another number of partitions",
      { ...good, expected: { ...good.expected, partitions: 1 } },
      "zeebe: is a backup of 2 partitions, and 1 are expected",
    ],
    [
      "another broker version",
      changed({ descriptor: { ...descriptor, brokerVersion: "8.6.1" } }),
      "versions: are not one: operate 8.6.0, tasklist 8.6.0, optimize 8.6.0, partition 1 8.6.0, partition 2 8.6.1",
    ],
  ])("%s is told", (_, listing, finding) => {
    expect(judged(listing)).toEqual([finding]);
  });

  test("manifests that disagree on the number of partitions, and the partition that is then missing, are told", () => {
    expect(judged(changed({ descriptor: { ...descriptor, numberOfPartitions: 3 } }))).toEqual([
      "zeebe: its manifests disagree on the number of partitions: 2, 3",
      "partition 3: nothing of 3/7/ is in the backup store",
    ]);
  });

  test("a partition without a snapshot, and Optimize of another patch, are whole", () => {
    const quiet = changed({ descriptor, snapshotFiles: [] });
    const snapshots = quiet.snapshots.map((snapshot) =>
      snapshot.part?.component === "optimize"
        ? snapshotNamed(snapshot.name.replace("8.6.0", "8.6.4"), minute)
        : snapshot,
    );
    expect(judged({ ...quiet, snapshots })).toEqual([]);
  });

  test("a failed folder of an earlier leader does not spoil the complete one of another node", () => {
    const [first] = changed({ statusCode: "FAILED" }, 0).stored;
    expect(first).toBeDefined();
    const stored = first === undefined ? [] : [{ ...first, node: "2" }, ...good.stored];
    expect(judged({ ...good, stored })).toEqual([]);
  });

  test("the records must be begun last, and a time that is not known leaves it open", () => {
    const [early, ...others] = good.snapshots;
    const at = (startMs: number | null) => ({
      ...good,
      snapshots: early === undefined ? [] : [{ ...early, startMs }, ...others],
    });
    expect(judged(at(2.5 * minute))[0]).toMatch(/part_1_of_3: begun .*, after the records at /);
    expect(verdictOfLint(judgeListing(at(2.5 * minute)))).toBe("not-restorable");
    expect(verdictOfLint(judgeListing(at(null)))).toBe("unknown");
    expect(verdictOfLint(judgeListing(changed({ createdMs: null })))).toBe("unknown");
  });

  test("parts that say different totals, and an index that no snapshot holds, are told", () => {
    const snapshots = [...good.snapshots, snapshotNamed("camunda_operate_7_8.6.0_part_4_of_5", minute)];
    expect(judged({ ...good, snapshots })).toEqual([
      "operate: its parts say different totals: 3, 5",
      "camunda_operate_7_8.6.0_part_5_of_5: missing",
    ]);
    const indexed = good.snapshots.map((snapshot) => ({
      ...snapshot,
      indices: ["operate-list-view-8.3.0_"],
    }));
    const expected = { ...good.expected, indices: ["operate-*_", "tasklist.*"] };
    expect(judged({ ...good, snapshots: indexed, expected })).toEqual([
      "tasklist.*: no snapshot of the set holds such an index",
    ]);
    expect(verdictOfLint(judgeListing({ ...good, expected }))).toBe("unknown");
  });

  test("brokers that took a higher id before a lower one leave the order open", () => {
    const older = good.stored.map((folder) => ({ ...folder, id: "6" }));
    const later = older.map(({ manifest, ...folder }) => ({
      ...folder,
      manifest:
        manifest.kind === "read"
          ? { ...manifest, manifest: { ...manifest.manifest, backupId: "6", createdMs: 9 * minute } }
          : manifest,
    }));
    const lint = judgeListing({ ...good, stored: [...good.stored, ...later] });
    expect(findingsOf(lint, "7")).toEqual([
      "id 7: the brokers took it at 1970-01-01T00:03:00.000Z, and the lower id 6 at 1970-01-01T00:09:00.000Z: a clock was set back",
    ]);
  });
});
