import { expect, test } from "vitest";
import type { CheckResult, ComponentPosition, ComponentRpo, ControlResult } from "../core/report.ts";
import { parseDrill } from "../core/drill.ts";
import { decideResult, judgeObjectives, type ResultParts } from "./result.ts";
import { totalLossOf } from "./total-loss.ts";

const pass: CheckResult = {
  id: "a",
  title: "A",
  verdict: "pass",
  gates: [],
  findings: [],
  findingCount: 0,
  why: "3 judged",
};
const caught: ControlResult = {
  id: "f",
  title: "F",
  source: "",
  outcome: "caught",
  expectedInvariants: ["a"],
  caughtBy: ["a"],
  gate: "restored",
  sealed: false,
  healthy: false,
  step: null,
  durationMs: 1,
  effects: [],
  why: "",
  findings: [],
};
const ended = { entry: "run-ended", outcome: "complete", message: "", seq: 1, at: 1, previous: "" } as const;
const whole: ResultParts = {
  evidence: { damage: [], entries: [ended] },
  baselineVerdict: "pass",
  checks: [pass],
  controls: [caught],
  objectives: [],
};
const resultOf = (change: Partial<ResultParts>) => decideResult({ ...whole, ...change }).result;

test("a run in which everything passed and every control was caught is verified", () => {
  expect(resultOf({})).toBe("verified");
});

test("changed evidence, a failed check, a missed control and a missed objective are each not verified", () => {
  expect(resultOf({ evidence: { damage: ["x"], entries: [ended] } })).toBe("not-verified");
  const finding = {
    invariant: "a",
    gate: "run",
    component: "c",
    kind: "k",
    subject: "s",
    expected: "e",
    actual: "x",
    because: "b",
  } as const;
  expect(resultOf({ checks: [{ ...pass, verdict: "fail", findings: [finding], findingCount: 1 }] })).toBe(
    "not-verified",
  );
  expect(resultOf({ controls: [{ ...caught, outcome: "missed" }] })).toBe("not-verified");
  expect(resultOf({ objectives: [{ id: "rto", target: "1 s", measured: "2 s", met: false }] })).toBe(
    "not-verified",
  );
});

test("what could not be told is inconclusive: nothing checked, an unknown check, an untold control, an unmeasured objective, a killed run, a broken baseline", () => {
  expect(resultOf({ checks: [] })).toBe("inconclusive");
  expect(resultOf({ checks: [{ ...pass, verdict: "unknown" }] })).toBe("inconclusive");
  expect(resultOf({ controls: [{ ...caught, outcome: "unknown" }] })).toBe("inconclusive");
  expect(resultOf({ controls: [{ ...caught, outcome: "misattributed" }] })).toBe("inconclusive");
  expect(resultOf({ objectives: [{ id: "rto", target: "1 s", measured: "not measured", met: null }] })).toBe(
    "inconclusive",
  );
  expect(resultOf({ evidence: { damage: [], entries: [] } })).toBe("inconclusive");
  expect(resultOf({ baselineVerdict: "unknown" })).toBe("inconclusive");
});

test("nothing lost is no measurement where nothing was looked at after the restore", () => {
  const drill = parseDrill("title: T\nsystem: s\nrunbook: r.md\n", "d.yaml");
  const measured = (...lost: (number | null)[]) => {
    const distinct = { ...nothingLost, lostAcknowledged: Math.max(0, ...lost.map((count) => count ?? 0)) };
    const rpo = { ...totalLossOf(lost.map(componentThatLost), distinct), perComponent: [] };
    return judgeObjectives(drill, { rtoMs: null, phases: [], rpo }, []);
  };
  expect(measured()).toMatchObject([{ id: "lost-acknowledged", measured: "not measured", met: null }]);
  expect(measured(null)).toMatchObject([{ measured: "not measured", met: null }]);
  expect(measured(0, null)).toMatchObject([{ measured: "not measured", met: null }]);
  expect(measured(2, null)).toMatchObject([{ measured: "2 records", met: false }]);
  expect(measured(2, 2)).toMatchObject([{ measured: "2 records", met: false }]);
  expect(measured(0, 0)).toMatchObject([{ measured: "0 records", met: true }]);
});

const nothingLost = { lostAcknowledged: 0, resurrected: 0, unexplained: 0 };

function componentThatLost(lostAcknowledged: number | null): ComponentRpo {
  const cut = { afterCut: 0, cutBeganAt: null, cutEndedAt: null, windowMs: null };
  return { component: "files", lostAcknowledged, resurrected: 0, unexplained: 0, ...cut };
}

test("the tolerance for stores of different moments is a number of calls, and none compared is none measured", () => {
  const drill = parseDrill("title: T\nsystem: s\nrunbook: r.md\nobjectives: { skewCalls: 4 }\n", "d.yaml");
  const measured = (...apart: (readonly [here: number, there: number])[]) => {
    const skew = apart.map(([onlyHere, onlyThere]) => {
      return { against: "rows", onlyHere, onlyThere, operations: [], milliseconds: 0 };
    });
    const nothing = { lastContained: null, firstMissing: null, missingAtBackupEnd: 0, missingAtDisaster: 0 };
    const position: ComponentPosition = {
      ...nothing,
      gate: "restored",
      missingOperations: [],
      partly: [],
      skew,
    };
    const perComponent = [{ ...componentThatLost(0), position }];
    const rpo = { ...totalLossOf(perComponent, nothingLost), perComponent };
    return judgeObjectives(drill, { rtoMs: null, phases: [], rpo }, []).find(({ id }) => id === "skew");
  };
  expect(measured([1, 3], [0, 2])).toMatchObject({ measured: "4 calls", met: true });
  expect(measured([1, 3], [0, 5])).toMatchObject({ measured: "5 calls", met: false });
  expect(measured()).toMatchObject({ measured: "not measured", met: null });
});

test("damage that a runbook could see and put back counts; what was sealed, harmless, or stopped it half-way does not", () => {
  const drill = parseDrill(
    "title: T\nsystem: s\nrunbook: r.md\nobjectives: { acceptedDamage: 1 }\n",
    "d.yaml",
  );
  const rpo = { ...totalLossOf([], nothingLost), perComponent: [] };
  const measured = (...controls: ControlResult[]) =>
    judgeObjectives(drill, { rtoMs: null, phases: [], rpo }, controls).find(
      ({ id }) => id === "accepted-damage",
    );
  const refused = { ...caught, outcome: "refused", gate: null } as const;
  expect(measured(caught, refused)).toMatchObject({ measured: "1 of 2", met: true });
  expect(measured(caught, { ...caught, outcome: "missed" })).toMatchObject({
    measured: "2 of 2",
    met: false,
  });
  expect(measured({ ...caught, gate: "run" }, refused)).toMatchObject({ measured: "0 of 2", met: true });
  expect(
    measured(
      { ...caught, sealed: true },
      { ...caught, healthy: true },
      { ...caught, outcome: "harmless" },
      { ...caught, outcome: "unknown" },
    ),
  ).toMatchObject({ measured: "not measured", met: null });
});

test("an interrupted run is inconclusive, whatever its last block said", () => {
  const interrupted = { ...ended, outcome: "interrupted", message: "the run was interrupted" } as const;
  const failed: CheckResult = { ...pass, verdict: "fail" };
  expect(resultOf({ evidence: { damage: [], entries: [interrupted] }, checks: [failed] })).toBe(
    "inconclusive",
  );
});
