import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "./random.ts";

test("one seed gives one sequence, another seed another", () => {
  const draw = (seed: number) => Array.from({ length: 20 }, () => seededRandom(seed).fork("a").whole(1e9));
  expect(draw(7)).toEqual(draw(7));
  expect(seededRandom(7).whole(1e9)).not.toBe(seededRandom(8).whole(1e9));
});

test("a drawn number is always below its limit", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 1000 }), (seed, limit) => {
      const value = seededRandom(seed).whole(limit);
      return Number.isInteger(value) && value >= 0 && value < limit;
    }),
  );
});
