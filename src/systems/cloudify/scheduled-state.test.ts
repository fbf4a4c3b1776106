import { expect, test } from "vitest";
import { Ledger } from "./ledger.ts";
import { timeOf } from "./records.ts";
import { ruleParameter } from "./rules.ts";
import { digestOfMessage, isConsistent, wordsOfWork } from "./scheduled-state.ts";
import { firingOfEffect, refusalOf } from "./watch.ts";

const row = { executionId: "e1", dueAt: 1000, digest: "aa" };
const message = { executionId: "e1", messages: 1, digest: "aa", delayMs: 1000 };

test("rows and messages agree only where each has exactly the other", () => {
  expect(isConsistent({ rows: [row], messages: [message] })).toBe(true);
  expect(isConsistent({ rows: [], messages: [] })).toBe(true);
  expect(isConsistent({ rows: [row], messages: [] })).toBe(false);
  expect(isConsistent({ rows: [], messages: [message] })).toBe(false);
  expect(isConsistent({ rows: [row], messages: [{ ...message, messages: 2 }] })).toBe(false);
  expect(isConsistent({ rows: [row], messages: [{ ...message, digest: "bb" }] })).toBe(false);
  expect(isConsistent({ rows: [row], messages: [{ ...message, executionId: "e2" }] })).toBe(false);
});

test("a message has the digest of the row that it starts, and a dry run that became a real one has not", () => {
  const context = { tenant: { name: "t" }, workflow_id: "nightly", dry_run: true, wait_after_fail: 30 };
  const payload = (change: object) =>
    JSON.stringify({
      id: "e1",
      cloudify_task: { kwargs: { ref: "r", __cloudify_context: { ...context, ...change } } },
    });
  const ofRow = wordsOfWork({
    id: "e1",
    tenant: "t",
    workflow: "nightly",
    parameters: { ref: "r" },
    isDryRun: true,
    waitAfterFail: 30,
  });
  expect(digestOfMessage(payload({}))).toBe(ofRow);
  expect(digestOfMessage(payload({ dry_run: false }))).not.toBe(ofRow);
  expect(digestOfMessage(payload({ wait_after_fail: 600 }))).not.toBe(ofRow);
  expect(digestOfMessage("{}")).toBe("a message of another form");
});

test("times without a zone are UTC, and no time is none", () => {
  const at = Date.UTC(2026, 10, 21, 4, 0, 0, 250);
  expect(timeOf("2026-11-21 04:00:00.25")).toBe(at);
  expect(timeOf("2026-11-21T04:00:00.250Z")).toBe(at);
  expect(timeOf("2026-11-21T05:00:00.250+01:00")).toBe(at);
  expect(timeOf(null)).toBeNull();
});

const effect = {
  n: 1,
  execution_id: "e1",
  workflow_id: "nightly",
  tenant: "t",
  parameters: { ref: "later" },
  attempt: 1,
  host: "manager",
  received_at: "2026-11-21T04:00:00.500Z",
};

test("an effect is a firing only of what was scheduled", () => {
  const ledger = new Ledger(new Map());
  expect(firingOfEffect(effect, ledger)).toBeUndefined();
  ledger.addExecution({ ref: "t/later", executionId: "e1", tenant: "t", isDryRun: false, dueAt: null });
  expect(firingOfEffect(effect, ledger)).toBeUndefined();
  ledger.addExecution({ ref: "t/later", executionId: "e1", tenant: "t", isDryRun: false, dueAt: 1000 });
  expect(firingOfEffect(effect, ledger)).toMatchObject({ id: "t/later", due_at: 1000, state: "executed" });
  expect(firingOfEffect({ ...effect, tenant: "other" }, ledger)).toBeUndefined();
});

test("what a schedule with a rule started is its firing, and of a cycle no one time was due", () => {
  const ledger = new Ledger(new Map());
  const started = { ...effect, parameters: { ref: "", [ruleParameter]: "every" } };
  expect(firingOfEffect(started, ledger)).toBeUndefined();
  ledger.addRule({ ref: "t/every", tenant: "t", firstAt: 1000, isCycle: true });
  expect(firingOfEffect(started, ledger)).toMatchObject({ id: "t/every", due_at: null, state: "executed" });
  ledger.addRule({ ref: "t/every", tenant: "t", firstAt: 1000, isCycle: false });
  expect(firingOfEffect(started, ledger)).toMatchObject({ id: "t/every", due_at: 1000 });
  expect(firingOfEffect({ ...started, tenant: "other" }, ledger)).toBeUndefined();
});

test("a line is a refusal only where its execution failed and has ended", () => {
  const line = { level: "info", message: "Execution e1 scheduled for t is overdue. Marking as FAILED." };
  const stateOf = (row: object) =>
    refusalOf(line, { row: { ...row }, at: 2000, ref: "t/later", dueAt: 1000 }).state;
  expect(stateOf({ status: "failed", ended_at: "2026-11-21T04:00:00Z" })).toBe("refused");
  expect(stateOf({ status: "failed", ended_at: null })).not.toBe("refused");
  expect(stateOf({ status: "scheduled", ended_at: null })).toBe("told, but scheduled");
  expect(refusalOf(line, { row: {}, at: 2000, ref: "r", dueAt: 1 }).message).toBe(`INFO ${line.message}`);
});
