import { expect, test } from "vitest";
import { causesOf, witnessesOf } from "./causes.ts";
import { criticalPathOf, waitingMsOf } from "./critical-path.ts";

function step(id: string, beganAt: number, endedAt: number) {
  return { id, beganAt, durationMs: endedAt - beganAt };
}

test("the critical path leaves out what ran beside a longer step, and counts the time between steps", () => {
  const steps = [step("first", 0, 10), step("short", 12, 15), step("long", 12, 40), step("last", 45, 50)];
  const path = criticalPathOf(steps);
  expect(path.map(({ id }) => id)).toEqual(["first", "long", "last"]);
  expect(waitingMsOf(path)).toBe(7);
  expect(criticalPathOf([])).toEqual([]);
  expect(waitingMsOf([])).toBe(0);
});

test("steps that follow each other are all on the critical path, those without length too", () => {
  const steps = [step("a", 0, 5), step("nothing", 5, 5), step("b", 5, 9)];
  expect(criticalPathOf(steps).map(({ id }) => id)).toEqual(["a", "nothing", "b"]);
});

test("findings with the same reason in the same component are one cause, whatever their ids and numbers", () => {
  const finding = (subject: string, component: string, because: string) => ({
    ...{ invariant: "survive", gate: "restored" as const, kind: "case", expected: "a", actual: "b" },
    ...{ subject, component, because },
  });
  const findings = [
    finding("case-9", "index", "case-9 was acknowledged 12 ms before the cut"),
    finding("case-1", "store", "case-1 was acknowledged 5 ms before the cut"),
    finding("case-2", "store", "case-2 was acknowledged 7.5 ms before the cut"),
  ];
  expect(
    causesOf(findings).map(({ words, component, findings: own }) => [words, component, own.length]),
  ).toEqual([
    ["… was acknowledged … ms before the cut", "store", 2],
    ["case-9 was acknowledged 12 ms before the cut", "index", 1],
  ]);
  const check = { id: "c", title: "C", verdict: "fail" as const, gates: [], findingCount: 1, why: "" };
  const seen = witnessesOf([
    { ...check, findings },
    { ...check, findings: [{ ...finding("case-9", "store", "x"), invariant: "agrees" }] },
  ]);
  expect([...(seen.get(JSON.stringify(["case", "case-9"])) ?? [])]).toEqual(["survive", "agrees"]);
});
