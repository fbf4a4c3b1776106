import { expect, test } from "vitest";
import { KnownIds, mostInOneAnswer, pageOf, positionAfter, sortByField, sortIds } from "./listing.ts";

test("ids are sorted as numbers, also above 2^53", () => {
  expect(sortIds(["9007199254740994", "16", "9007199254740993", "8"])).toEqual([
    8n,
    16n,
    9_007_199_254_740_993n,
    9_007_199_254_740_994n,
  ]);
});

test("the position after an id counts the ids that are not above it", () => {
  expect([0n, 8n, 9n, 24n, 99n].map((id) => positionAfter([8n, 16n, 24n], id))).toEqual([0, 1, 1, 3, 3]);
});

test("known ids take what is added in its order, once, and are forgotten after a minute", () => {
  const known = new KnownIds();
  known.keep("Case", [8n, 24n], 1_000);
  known.add("Case", 16n);
  known.add("Case", 16n);
  known.add("Task", 32n);

  expect(known.find("Case", 60_999)).toEqual([8n, 16n, 24n]);
  expect(known.find("Case", 61_000)).toBeUndefined();
  expect(known.find("Task", 1_000)).toBeUndefined();
});

test("a page ends with the ids there are, and a page that is too large is refused", () => {
  const ids = Array.from({ length: mostInOneAnswer + 1 }, (_, index) => BigInt(index));

  expect(pageOf([8n, 16n], { from: 1, to: 9 })).toEqual([16n]);
  expect(() => pageOf(ids, { from: 0, to: undefined })).toThrow(expect.objectContaining({ status: 400 }));
});

test("equal values are sorted by id, and entities without the field come first", () => {
  const pairs = [
    ["24", 2],
    ["8", 10],
    ["16", 2],
    ["32", null],
  ];

  expect(sortByField(pairs, false)).toEqual([32n, 16n, 24n, 8n]);
  expect(sortByField(pairs, true)).toEqual([8n, 16n, 24n, 32n]);
});
