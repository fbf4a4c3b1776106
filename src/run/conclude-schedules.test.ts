import { expect, test } from "vitest";
import { openDatabase } from "../check/database.ts";
import { parseHistory } from "../check/golden-history.ts";
import { concludeSchedules, latenessOf } from "./conclude-schedules.ts";

/** Cuts from 20000 to 30000, disaster, restore from 50000, answers at 60000, watched until 90000. */
const history = (rows: string, watch = "exit_code: 0, ended_at: 90000") => `
about: Schedules of every state.
tables:
  cuts: [{ began_at: 20000, ended_at: 30000 }]
  steps:
    - { phase: restore, id: put-back, began_at: 50000, ended_at: 51000, exit_code: 0 }
    - { phase: restore, id: application-answers, began_at: 51000, ended_at: 60000, exit_code: 0 }
    - { phase: observe, id: watch-restored, component: schedules, began_at: 60000, ${watch} }
${rows}
verdict: unknown
`;

async function conclude(text: string) {
  await using database = await openDatabase({ rows: parseHistory(text).rows });
  return (await concludeSchedules(database)).map(
    ({ id, firings, firedAt, latenessMs, state }) =>
      `${id}: ${firings} times, at ${firedAt ?? "no time"}, late by ${latenessMs ?? "–"}: ${state}`,
  );
}

test("each schedule is told by what became of it on either side of the restore", async () => {
  const text = history(`
  schedules:
    - { id: kept, due_at: 10000, registered_at: 100 }
    - { id: within-the-cuts, due_at: 25000, registered_at: 100 }
    - { id: overdue, due_at: 40000, registered_at: 100 }
    - { id: repeated, due_at: 41000, registered_at: 100 }
    - { id: lost, due_at: 42000, registered_at: 100 }
    - { id: refused, due_at: 43000, registered_at: 100 }
    - { id: after-the-cut, due_at: 44000, registered_at: 21000 }
    - { id: in-time, due_at: 70000, registered_at: 100 }
    - { id: far, due_at: 95000, registered_at: 100 }
  firings:
    - { id: kept, due_at: 10000, fired_at: 10010 }
    - { id: within-the-cuts, due_at: 25000, fired_at: 25010 }
    - { id: overdue, due_at: 40000, fired_at: 60100 }
    - { id: repeated, due_at: 41000, fired_at: 41010 }
    - { id: repeated, due_at: 41000, fired_at: 60200 }
    - { id: lost, due_at: 42000, fired_at: 42010 }
    - { id: refused, due_at: 43000, fired_at: 60300, state: refused, message: too late }
    - { id: after-the-cut, due_at: 44000, fired_at: 44010 }
    - { id: in-time, due_at: 70000, fired_at: 70020 }`);
  expect(await conclude(text)).toEqual([
    "kept: 1 times, at 10010, late by –: on-time",
    "within-the-cuts: 0 times, at 25010, late by –: on-time",
    "overdue: 1 times, at 60100, late by 20100: late",
    "repeated: 1 times, at 60200, late by 19200: repeated",
    "lost: 0 times, at no time, late by –: lost",
    "refused: 0 times, at no time, late by –: refused",
    "after-the-cut: 0 times, at no time, late by –: gone",
    "in-time: 1 times, at 70020, late by 20: on-time",
    "far: 0 times, at no time, late by –: not-due",
  ]);
});

test("a cycle goes on, has ended, has stopped, or had no time to show", async () => {
  const text = history(`
  schedules:
    - { id: going-on, due_at: 1000, registered_at: 100, policy: cycle, interval_ms: 1000 }
    - { id: ended, due_at: 1001, registered_at: 100, policy: cycle, interval_ms: 1000, repetitions: 2 }
    - { id: stopped, due_at: 1002, registered_at: 100, policy: cycle, interval_ms: 1000 }
    - { id: slow, due_at: 1003, registered_at: 100, policy: cycle, interval_ms: 20000 }
  firings:
    - { id: going-on, fired_at: 1000 }
    - { id: going-on, fired_at: 61000 }
    - { id: ended, fired_at: 1001 }
    - { id: ended, fired_at: 2001 }
    - { id: stopped, fired_at: 1002 }`);
  expect(await conclude(text)).toEqual([
    "going-on: 2 times, at 61000, late by –: going-on",
    "ended: 2 times, at 1001, late by –: ended",
    "stopped: 1 times, at 1002, late by –: lost",
    "slow: 0 times, at no time, late by –: not-due",
  ]);
});

test("of a run that nobody watched after the restore nothing is said to be lost", async () => {
  const rows = "  schedules: [{ id: s, due_at: 40000, registered_at: 100 }]";
  expect(await conclude(history(rows, "exit_code: 1"))).toEqual([
    "s: 0 times, at no time, late by –: unknown",
  ]);
});

test("lateness is counted in spans that leave nothing out, and by shares of all", () => {
  const values = [-700, 0, 49, 50, 99, 100, 400, 900, 1_999, 4_000, 9_999, 10_000, 59_999, 60_000];
  const lateness = latenessOf([...values, null].map((latenessMs) => ({ latenessMs })));
  expect(lateness?.spans.map(({ fromMs, toMs, count }) => `${fromMs} to ${toMs}: ${count}`)).toEqual([
    ...["null to 0: 1", "0 to 50: 2", "50 to 100: 2", "100 to 250: 1", "250 to 500: 1", "500 to 1000: 1"],
    ...["1000 to 2000: 1", "2000 to 5000: 1", "5000 to 10000: 1", "10000 to 60000: 2", "60000 to null: 1"],
  ]);
  expect(lateness).toMatchObject({ count: 14, early: 1, p50Ms: 400, p95Ms: 60_000, maxMs: 60_000 });
  expect(latenessOf([{ latenessMs: 7 }])).toMatchObject({ p50Ms: 7, p95Ms: 7, p99Ms: 7, maxMs: 7, early: 0 });
  expect(latenessOf([{ latenessMs: null }])).toBeNull();
});
