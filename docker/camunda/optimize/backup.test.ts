import { expect, test } from "vitest";
import { backupState } from "./backup.ts";
import { backupIdOf } from "./routes-backup.ts";
import { snapshotName } from "./snapshots.ts";

test("only two good snapshots make a complete backup, and one that is missing makes it incomplete", () => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [["SUCCESS", "SUCCESS"], "COMPLETED"],
    [["SUCCESS"], "INCOMPLETE"],
    [["SUCCESS", "IN_PROGRESS"], "IN_PROGRESS"],
    [["SUCCESS", "PARTIAL"], "FAILED"],
    [["FAILED", "IN_PROGRESS"], "FAILED"],
    [["SUCCESS", "INCOMPATIBLE"], "INCOMPATIBLE"],
    [["SUCCESS", "SUCCESS", "SUCCESS"], "FAILED"],
  ];

  expect(cases.map(([states]) => backupState(states))).toEqual(cases.map(([, state]) => state));
});

test("a backup id is a positive integer, as a number or in digits", () => {
  expect([backupIdOf(1), backupIdOf("1795250809")]).toEqual([1, 1_795_250_809]);
  for (const wrong of [0, -1, 1.5, "-1", "", "a", null, undefined, "9007199254740993"])
    expect(() => backupIdOf(wrong), String(wrong)).toThrow(expect.objectContaining({ status: 400 }));
});

test("the name of a snapshot says backup, version and part", () => {
  expect(snapshotName({ backupId: 123_456, version: "8.6.0", part: 2 })).toBe(
    "camunda_optimize_123456_8.6.0_part_2_of_2",
  );
});
