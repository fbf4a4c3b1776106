import { expect, test } from "vitest";
import { seededRandom } from "../../core/random.ts";
import type { Operation, Workload } from "../../core/system.ts";
import { makeArchives } from "./blueprint.ts";
import type { Clients } from "./clients.ts";
import { scheduledTime } from "./executions.ts";
import { Ledger } from "./ledger.ts";
import { ManagerClient } from "./manager-client.ts";
import { againWorkload, probeWorkload } from "./proving-writes.ts";
import { afterWorkload, seedWorkload, workloadNames } from "./workload.ts";

const nowhere = () => Promise.reject(new Error("no server in this test"));
const archives = await makeArchives(8);

function clients(): Clients {
  return {
    manager: new ManagerClient(nowhere, { username: "admin", password: "secret" }),
    effects: nowhere,
    ledger: new Ledger(new Map()),
    keepsPromises: true,
    archives,
    secret: (name) => name,
  };
}

const optionsOf = (name: (typeof workloadNames)[number]) => ({
  clients: clients(),
  random: seededRandom(1).fork("test"),
  name,
  clock: "right" as const,
});

function operationsOf(workload: Workload): Operation[] {
  return workload.lanes.flatMap((lane) => [...lane]);
}

function factsOf(workload: Workload): string[] {
  return operationsOf(workload).flatMap((operation) =>
    operation.facts(1).map(({ kind, id, op }) => `${op} ${kind} ${id}`),
  );
}

test.each(workloadNames)("%s: no record is created twice, within an epoch or by two of them", (name) => {
  const created = [
    seedWorkload({ ...optionsOf(name), scale: "small" }),
    afterWorkload(optionsOf(name)),
    againWorkload(optionsOf(name)),
  ].flatMap((workload) => factsOf(workload).filter((fact) => fact.startsWith("create")));
  expect(created.length).toBeGreaterThan(60);
  expect(created.filter((fact, index) => created.indexOf(fact) !== index)).toEqual([]);
});

test.each(workloadNames)("%s: what is changed or deleted was created before", (name) => {
  const seeded = factsOf(seedWorkload({ ...optionsOf(name), scale: "small" }));
  const later = seeded.filter((fact) => !fact.startsWith("create"));
  expect(later.length).toBeGreaterThan(4);
  for (const fact of later) {
    const [, kind = "", id = ""] = fact.split(" ");
    expect(seeded.indexOf(`create ${kind} ${id}`)).toBeGreaterThanOrEqual(0);
    expect(seeded.indexOf(`create ${kind} ${id}`)).toBeLessThan(seeded.indexOf(fact));
  }
});

test("the example has executions that are overdue by the restore and others that are still to come, in both tenants", () => {
  const before = Date.now();
  const due = operationsOf(seedWorkload({ ...optionsOf("scheduled"), scale: "small" }))
    .filter(({ schedules }) => schedules !== undefined)
    .flatMap((operation) => {
      operation.facts(1); // The time is set with the facts, just before the call.
      return operation.schedules?.() ?? [];
    });
  const seconds = due.map(({ due_at: dueAt }) => Math.round((dueAt - before) / 1000));
  expect(due).toHaveLength(10);
  expect(seconds.filter((after) => after < 20)).toHaveLength(4);
  expect(seconds.filter((after) => after > 45 && after < 60)).toHaveLength(6);
  expect(new Set(due.map(({ policy }) => policy))).toEqual(new Set(["refuse-with-message"]));
});

test("many become due one after the other, in turns of the tenants, and later than it takes to write and restore them", () => {
  const before = Date.now();
  const lanes = seedWorkload({ ...optionsOf("many"), scale: "medium" }).lanes.map((lane) =>
    [...lane].flatMap((operation) => {
      operation.facts(1);
      return operation.schedules?.() ?? [];
    }),
  );
  expect(lanes.map((lane) => lane.length)).toEqual([502, 502]);
  const all = lanes.flat().map(({ due_at: dueAt }) => (dueAt - before) / 1000);
  expect(all.filter((value) => value < 65)).toHaveLength(4);
  const seconds = all.filter((value) => value >= 65);
  expect(Math.min(...seconds)).toBeGreaterThan(120);
  expect(Math.max(...seconds) - Math.min(...seconds)).toBeGreaterThan(95);
  const inOneSecond = Map.groupBy(seconds, (value) => Math.floor(value));
  expect(Math.max(...[...inOneSecond.values()].map((group) => group.length))).toBeLessThanOrEqual(10);
});

test("schedules with a rule: cycles with and without an end, single times, one that may never run", () => {
  const operations = operationsOf(seedWorkload({ ...optionsOf("rules"), scale: "small" }));
  const rules = operations.flatMap((operation) => {
    operation.facts(1);
    return operation.schedules?.() ?? [];
  });
  const inWords = rules
    .filter(({ id }) => id.startsWith("default_tenant/"))
    .map(
      ({ id, policy, repetitions, interval_ms: every }) =>
        `${id.slice(15)} ${policy} ${repetitions} ${every}`,
    );
  expect(inWords).toEqual([
    "R4-has-run-twice cycle 2 2000",
    "R6-disabled cycle 0 10000",
    "R7-stops-on-failure cycle 1 3000",
    "R1-every-20-s cycle null 20000",
    "R4-counted cycle 100 20000",
    "R2-overdue-within-slip fire-late null null",
    "R1-to-come fire-late null null",
    "R1-far-away fire-late null null",
  ]);
});

test("of the workloads for figures one thing grows with the scale", () => {
  const countsOf = (name: "many" | "blueprints", scale: "small" | "medium") => {
    const facts = factsOf(seedWorkload({ ...optionsOf(name), scale }));
    const count = (kind: string) => facts.filter((fact) => fact.startsWith(`create ${kind} `)).length;
    return [count("secret"), count("deployment"), count("execution")];
  };
  expect(countsOf("blueprints", "small")).toEqual([12, 6, 8]);
  expect(countsOf("blueprints", "medium")).toEqual([12, 60, 8]);
  expect(countsOf("many", "small")).toEqual([12, 24, 112]);
  expect(countsOf("many", "medium")).toEqual([12, 24, 1012]);
});

test("without schedules nothing is registered as due", () => {
  const operations = operationsOf(seedWorkload({ ...optionsOf("snapshot"), scale: "small" }));
  expect(operations.flatMap((operation) => operation.schedules?.() ?? [])).toEqual([]);
});

test("every probe is a command of its own", () => {
  const facts = factsOf(probeWorkload(clients()));
  expect(new Set(facts).size).toBe(facts.length);
  expect(facts).toContain("create command dry run");
});

test("a time is written in the zone that was asked for and means the same instant", () => {
  const dueAt = Date.parse("2026-11-21T03:30:07Z");
  expect(scheduledTime(dueAt)).toBe("20261121033007+0000");
  expect(scheduledTime(dueAt, "-0500")).toBe("20261120223007-0500");
  expect(scheduledTime(dueAt, "+0545")).toBe("20261121091507+0545");
  expect(scheduledTime(dueAt, "")).toBe("20261121033007");
});

test("blueprints differ from each other and are the same in every run", async () => {
  const again = await makeArchives(8);
  expect(again.map(({ bytes }) => bytes.toString("hex"))).toEqual(
    archives.map(({ bytes }) => bytes.toString("hex")),
  );
  expect(new Set(archives.map(({ bytes }) => bytes.toString("hex"))).size).toBe(8);
});
