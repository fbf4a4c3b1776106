import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase } from "../check/database.ts";
import { sourcesOf } from "../check/sources.ts";
import { tables, type Firing, type Schedule } from "../core/tables.ts";
import { connectionWith, contextWith, journalOf, noStack } from "./fakes.test-support.ts";
import { writeTable } from "./tables.ts";
import { overdueSchedules, Watch } from "./watch.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "muster-watch-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const firing = (id: string, firedAt: number): Firing => ({
  id,
  due_at: null,
  fired_at: firedAt,
  state: "executed",
  message: null,
});

async function untilAborted(signal: AbortSignal): Promise<void> {
  await sleep(60_000, undefined, { signal }).catch(() => undefined);
}

async function read() {
  await using database = await openDatabase({ sources: await sourcesOf(folder) });
  return {
    firings: await database.query("SELECT * FROM firings ORDER BY fired_at", tables.firings),
    steps: await database.query("SELECT * FROM steps", tables.steps),
  };
}

const begin = (context: Parameters<typeof Watch.begin>[0]) => {
  const watch = Watch.begin(context, { stack: noStack, tablesFolder: folder, suffix: "before" });
  if (watch === undefined) throw new Error("expected a watch");
  return watch;
};

test("what is seen until the end is written, with a step that says that the watch was whole", async () => {
  const context = contextWith(folder, () =>
    Promise.resolve(
      connectionWith({
        async *watch(signal) {
          yield firing("a", 1);
          await untilAborted(signal);
          yield firing("b", 2);
        },
      }),
    ),
  );
  const watch = begin(context);
  await sleep(20);
  await watch.end();
  const { firings, steps } = await read();
  expect(firings).toEqual([firing("a", 1), firing("b", 2)]);
  expect(steps).toMatchObject([
    { phase: "observe", id: "watch-before", component: "schedules", exit_code: 0, message: null },
  ]);
});

test("a watch that breaks is noted and begun anew, and what it saw before is kept", async () => {
  let begun = 0;
  const context = contextWith(folder, () =>
    Promise.resolve(
      connectionWith({
        async *watch(signal) {
          begun += 1;
          yield firing(`watch ${begun}`, begun);
          if (begun === 1) throw new Error("the line went dead");
          await untilAborted(signal);
        },
      }),
    ),
  );
  const watch = begin(context);
  await sleep(1_300);
  await watch.end();
  const { firings, steps } = await read();
  expect(firings.map(({ id }) => id)).toEqual(["watch 1", "watch 2"]);
  expect(steps).toMatchObject([{ exit_code: 0 }]);
  expect(journalOf(folder)).toMatchObject([
    { entry: "note", about: "watch", text: 'the watch "before" broke: the line went dead' },
  ]);
});

test("a watch that cannot be kept alive leaves a step that failed, and the run goes on", async () => {
  const context = contextWith(folder, () => Promise.reject(new Error("no such address")));
  const watch = begin(context);
  await sleep(5_500);
  await watch.end();
  const { firings, steps } = await read();
  expect(firings).toEqual([]);
  expect(steps).toMatchObject([{ exit_code: 1, message: "it broke 6 times, at last: no such address" }]);
  expect(journalOf(folder)).toHaveLength(6);
});

test("a system without schedules is not watched", () => {
  const context = contextWith(folder, () => Promise.resolve(connectionWith({})));
  const system = { ...context.system, hasSchedules: false };
  expect(
    Watch.begin({ ...context, system }, { stack: noStack, tablesFolder: folder, suffix: "before" }),
  ).toBeUndefined();
});

test("waited for is what is overdue, until it was seen", async () => {
  const schedule = (id: string, parts: Partial<Schedule>): Schedule => ({
    id,
    due_at: 500,
    policy: "fire-late",
    registered_at: 50,
    repetitions: null,
    interval_ms: null,
    ...parts,
  });
  await writeTable({ folder, table: "schedules" }, [
    schedule("overdue", {}),
    schedule("done", {}),
    schedule("in-the-lost-line", {}),
    schedule("registered-late", { registered_at: 250 }),
    schedule("refused", { policy: "refuse-with-message" }),
  ]);
  await writeTable({ folder, table: "firings", suffix: "before" }, [
    firing("done", 150),
    firing("in-the-lost-line", 600),
  ]);
  await writeTable({ folder, table: "cuts" }, [
    { component: "store", backup_id: "b", began_at: 200, ended_at: 300, artefacts: 1, bytes: 1 },
  ]);
  const overdue = await overdueSchedules(await sourcesOf(folder));
  expect(overdue.map(({ id }) => id).toSorted()).toEqual(["in-the-lost-line", "overdue"]);

  const context = contextWith(folder, () =>
    Promise.resolve(
      connectionWith({
        async *watch(signal) {
          yield firing("overdue", 1);
          await sleep(700, undefined, { signal });
          yield firing("in-the-lost-line", 2);
          await untilAborted(signal);
        },
      }),
    ),
  );
  const watch = begin(context);
  const beganAt = performance.now();
  await watch.untilOverdueIsDone([...overdue, schedule("tomorrow", { due_at: Date.now() + 1e8 })]);
  const waitedMs = performance.now() - beganAt;
  await watch.end();
  expect(waitedMs).toBeGreaterThan(600);
  expect(waitedMs).toBeLessThan(5_000);
});
