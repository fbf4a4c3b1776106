import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeVerdicts, type Verdict } from "./verdict.ts";

const verdicts = fc.array(fc.constantFrom<Verdict>("pass", "fail", "unknown"));

test("nothing checked is unknown", () => {
  expect(mergeVerdicts([])).toBe("unknown");
});

test("the order of merging does not matter, and fail > unknown > pass", () => {
  fc.assert(
    fc.property(verdicts, (list) => {
      const expected = list.includes("fail")
        ? "fail"
        : list.length === 0 || list.includes("unknown")
          ? "unknown"
          : "pass";
      return mergeVerdicts(list) === expected && mergeVerdicts(list.toReversed()) === expected;
    }),
  );
});
