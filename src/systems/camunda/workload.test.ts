import { join } from "node:path";
import { expect, test } from "vitest";
import { seededRandom } from "../../core/random.ts";
import type { Operation, Workload } from "../../core/system.ts";
import { Gateway } from "./gateway.ts";
import { Identity } from "./identity.ts";
import type { Clients } from "./instance.ts";
import { Ledger } from "./ledger.ts";
import { againWorkload, keyNotBelow, probeWorkload } from "./proving-writes.ts";
import { WebClient } from "./web-client.ts";
import { afterWorkload, duringWorkload, seedWorkload } from "./workload.ts";

const fixturesFolder = join(import.meta.dirname, "../../../fixtures/camunda");
const nowhere = () => Promise.reject(new Error("no server in this test"));

function clients(): Clients {
  const identity = new Identity(nowhere, "secret");
  const web = new WebClient(nowhere, identity);
  const gateway = new Gateway({ address: nowhere, management: nowhere, identity });
  return { gateway, operate: web, tasklist: web, ledger: new Ledger(new Map()) };
}

const options = () => ({ clients: clients(), fixturesFolder, random: seededRandom(1).fork("test") });

function factsOf(workload: Workload, limit = 200): string[] {
  return workload.lanes.flatMap((lane) => {
    const operations: Operation[] = [];
    for (const operation of lane) {
      if (operations.length === limit) break;
      operations.push(operation);
    }
    return operations.flatMap((operation) =>
      operation.facts(1).map(({ kind, id, op }) => `${op} ${kind} ${id}`),
    );
  });
}

test("no record is created twice within an epoch or by two of them", () => {
  const created = [
    seedWorkload({ ...options(), scale: "small" }),
    duringWorkload(options()),
    afterWorkload(options()),
  ].flatMap((workload) => factsOf(workload).filter((fact) => fact.startsWith("create")));
  expect(created.length).toBeGreaterThan(500);
  expect(created.filter((fact, index) => created.indexOf(fact) !== index)).toEqual([]);
});

test("every record that is changed or ended was created before, in the same epoch or in the seed", () => {
  const seeded = factsOf(seedWorkload({ ...options(), scale: "small" }));
  const known = new Set(seeded.filter((fact) => fact.startsWith("create")).map((fact) => fact.slice(7)));
  const later = seeded.filter((fact) => !fact.startsWith("create")).map((fact) => fact.slice(7));
  expect(later.length).toBeGreaterThan(10);
  expect(later.filter((record) => !known.has(record))).toEqual([]);
});

test("thirty commands go to each partition, and none of them twice", () => {
  const facts = factsOf(probeWorkload(clients(), 3));
  expect(facts).toHaveLength(90);
  expect(new Set(facts).size).toBe(90);
  expect(facts.filter((fact) => fact.includes("partition-3/"))).toHaveLength(30);
});

test("after the restore every definition that starts on demand is started", () => {
  const facts = factsOf(againWorkload(clients(), options()));
  const started = facts.filter((fact) => fact.startsWith("create start"));
  expect(started).toContain("create start timer-boundary-cycle:1");
  expect(started.length).toBeGreaterThan(12);
});

test("a new key lies above all restored keys of its own partition, whichever partition that is", () => {
  const [first, fourth] = ["2251799813685300", "9007199254741100"];
  expect(keyNotBelow(first, ["2251799813685299", fourth])).toBeUndefined();
  expect(keyNotBelow(first, ["2251799813685301"])).toBe("2251799813685301");
  expect(keyNotBelow(fourth, [first, "9007199254741099", fourth])).toBe(fourth);
});
