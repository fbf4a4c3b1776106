import { expect, test } from "vitest";
import type { CheckResult } from "../core/report.ts";
import type { Finding } from "../core/verdict.ts";
import { outcomeOf } from "./conclude-controls.ts";

const record: Parameters<typeof outcomeOf>[0] = {
  isReordered: false,
  expected: "noticed",
  gates: ["restored", "started"],
  expectedInvariants: ["blobs"],
  targetComponents: ["files"],
  targetInvariants: [],
  why: "observed",
};
const finding: Finding = {
  invariant: "blobs",
  gate: "restored",
  component: "files",
  kind: "blob",
  subject: "x",
  expected: "a",
  actual: "b",
  because: "c",
};
const check = (
  id: string,
  verdict: CheckResult["verdict"],
  findings: readonly Finding[] = [],
): CheckResult => ({
  id,
  title: id,
  verdict,
  gates: [{ gate: "restored", verdict, judged: 1, findings: findings.length, why: "" }],
  findings: [...findings],
  findingCount: findings.length,
  why: "because",
});

test("a named invariant with a finding inside the target is a catch, at the earliest gate", () => {
  expect(outcomeOf(record, [check("blobs", "fail", [finding])])).toMatchObject({
    outcome: "caught",
    caughtBy: ["blobs"],
    gate: "restored",
  });
});

test("a finding outside the declared target is misattributed, also beside a right one", () => {
  const stray = { ...finding, invariant: "other", component: "rows" };
  expect(
    outcomeOf(record, [check("blobs", "fail", [finding]), check("other", "fail", [stray])]),
  ).toMatchObject({ outcome: "misattributed" });
});

test("damage that only another invariant notices is misattributed", () => {
  expect(
    outcomeOf(record, [check("blobs", "pass"), check("other", "fail", [{ ...finding, invariant: "other" }])]),
  ).toMatchObject({ outcome: "misattributed" });
});

test("an invariant that could not tell leaves the control unknown, and one that passed leaves it missed", () => {
  expect(outcomeOf(record, [check("blobs", "unknown")])).toMatchObject({ outcome: "unknown" });
  expect(outcomeOf(record, [check("blobs", "pass")])).toMatchObject({ outcome: "missed" });
});

test("what documents differ about is harmless only where all was judged and holds", () => {
  const open: typeof record = { ...record, expected: "either", expectedInvariants: [] };
  expect(outcomeOf(open, [check("blobs", "pass")])).toMatchObject({ outcome: "harmless" });
  expect(outcomeOf(open, [check("blobs", "fail", [finding])])).toMatchObject({ outcome: "caught" });
  expect(outcomeOf(open, [check("blobs", "pass"), check("rows", "unknown")]).outcome).toBe("unknown");
  expect(outcomeOf({ ...open, gates: ["restored"] }, [check("blobs", "pass")]).outcome).toBe("unknown");
  expect(outcomeOf(open, []).outcome).toBe("unknown");
});

test("without a fault a finding is a false alarm, and clean is only what was judged at both gates", () => {
  const healthy: typeof record = { ...record, expected: "nothing", expectedInvariants: [] };
  expect(outcomeOf(healthy, [check("blobs", "pass")])).toMatchObject({ outcome: "harmless" });
  expect(outcomeOf(healthy, [check("blobs", "fail", [finding])])).toMatchObject({
    outcome: "misattributed",
    why: expect.stringContaining("no fault"),
  });
  expect(outcomeOf(healthy, [check("blobs", "unknown")]).outcome).toBe("unknown");
  expect(outcomeOf({ ...healthy, gates: ["restored"] }, [check("blobs", "pass")]).outcome).toBe("unknown");
});

test("a control without any evaluated invariant is never a catch", () => {
  expect(outcomeOf(record, []).outcome).not.toBe("caught");
});

test("an order of steps that only invariants told about was silently accepted, and one that a step refused was not", () => {
  const order: typeof record = { ...record, expected: "either", expectedInvariants: [], isReordered: true };
  const blobs = check("blobs", "fail", [finding]);
  const step = check("restore-follows-order", "fail", [{ ...finding, invariant: "restore-follows-order" }]);

  expect(outcomeOf(order, [blobs]).why).toMatch(/^silently accepted by every step that was done: /);
  expect(outcomeOf(order, [blobs, step]).why).not.toContain("silently");
  expect(outcomeOf(order, [step]).why).not.toContain("silently");
  expect(outcomeOf({ ...order, isReordered: false }, [blobs]).why).not.toContain("silently");
  expect(outcomeOf(order, [check("blobs", "pass")])).toMatchObject({ outcome: "harmless" });
});
