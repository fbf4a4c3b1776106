import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase } from "../check/database.ts";
import { sourcesOf } from "../check/sources.ts";
import { OperationBarred, OperationRefused, type Operation, type Workload } from "../core/system.ts";
import { tables } from "../core/tables.ts";
import { connectionWith, contextWith, noStack, operationOf } from "./fakes.test-support.ts";
import { copyMemory } from "./context.ts";
import { probe, underLoad, writeEpoch } from "./write-epoch.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "muster-write-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const contextOf = (workload: Workload) =>
  contextWith(folder, () => Promise.resolve(connectionWith({ workload: () => workload })));
const where = () => ({ stack: noStack, tablesFolder: folder });

async function read() {
  await using database = await openDatabase({ sources: await sourcesOf(folder) });
  return {
    facts: await database.query("SELECT * FROM facts ORDER BY seq", tables.facts),
    schedules: await database.query("SELECT * FROM schedules ORDER BY id", tables.schedules),
  };
}

const due = (id: string) => () => [
  { id, due_at: 1e13, policy: "fire-late", repetitions: null, interval_ms: null },
];

test("what an acknowledged call made due is registered when it was acknowledged; of other calls nothing is", async () => {
  const lane = [
    operationOf("ok", undefined, due("of-ok")),
    operationOf("refused", () => Promise.reject(new OperationRefused("no")), due("of-refused")),
    operationOf("barred", () => Promise.reject(new OperationBarred("no licence")), due("of-barred")),
    operationOf("unknown", () => Promise.reject(new Error("time-out")), due("of-unknown")),
  ];
  const context = contextOf({ operations: 4, lanes: [lane] });
  const words = await writeEpoch(context, { ...where(), epoch: "seed", suffix: "seed" });
  const { facts, schedules } = await read();
  expect(words).toBe("4 calls, 3 not acknowledged");
  expect(facts.map(({ id, outcome }) => [id, outcome])).toEqual([
    ["ok", "ok"],
    ["refused", "fail"],
    ["barred", "barred"],
    ["unknown", "unknown"],
  ]);
  expect(schedules).toMatchObject([{ id: "of-ok", registered_at: facts[0]?.acked_at }]);
});

test("load is on before the work begins and after it has ended, and ends after the call that is under way", async () => {
  const calls: number[] = [];
  function* endless(): Iterable<Operation> {
    for (let n = 0; ; n += 1) {
      yield operationOf(`record-${n}`, () => {
        calls.push(performance.now());
        return Promise.resolve();
      });
    }
  }
  const context = contextOf({ operations: Infinity, perSecond: 40, lanes: [endless(), endless()] });
  let work = { beganAt: 0, endedAt: 0 };
  const { done, load } = await underLoad(context, where(), async () => {
    work = { ...work, beganAt: performance.now() };
    await new Promise((resolve) => setTimeout(resolve, 300));
    work = { ...work, endedAt: performance.now() };
    return "a failed block is no exception";
  });
  const { facts } = await read();
  expect(done).toBe("a failed block is no exception");
  expect(load).toBe(`${facts.length} calls`);
  expect(facts.every(({ epoch, outcome }) => epoch === "during" && outcome === "ok")).toBe(true);
  expect(facts).toHaveLength(calls.length);
  expect(calls.filter((at) => at < work.beganAt).length).toBeGreaterThan(50);
  expect(calls.filter((at) => at > work.endedAt).length).toBeGreaterThan(10);
  // Paced over both lanes together: 40 calls a second for 4.3 seconds.
  expect(calls.length).toBeLessThan(200);
});

test("work that throws ends the load too", async () => {
  function* endless(): Iterable<Operation> {
    for (;;) yield operationOf("record");
  }
  const context = contextOf({ operations: Infinity, perSecond: 20, lanes: [endless()] });
  await expect(underLoad(context, where(), () => Promise.reject(new Error("no engine")))).rejects.toThrow(
    "no engine",
  );
  expect((await read()).facts.length).toBeGreaterThan(20);
});

test("probes are made where the system has some, and only there", async () => {
  const context = contextOf({ operations: 1, lanes: [[operationOf("first")]] });
  await probe(
    { ...context, system: { ...context.system, hasProbes: false } },
    { ...where(), suffix: "probe" },
  );
  await probe(context, { ...where(), suffix: "probe" });
  expect((await read()).facts).toMatchObject([{ seq: 1, id: "first", epoch: "probe" }]);
});

test("a copy of what clients keep is not changed by what the next one keeps", () => {
  const memory = new Map<string, unknown>([["keys", new Map([["a", 1]])]]);
  const copy = copyMemory(memory);
  memory.set("other", 1);
  const keys = memory.get("keys");
  if (keys instanceof Map) keys.set("b", 2);
  expect(copy).toEqual(new Map([["keys", new Map([["a", 1]])]]));
});
