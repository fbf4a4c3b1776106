import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Load } from "../../core/drill.ts";
import type { Operation, Workload } from "../../core/system.ts";
import type { Fact } from "../../core/tables.ts";
import { Accounts } from "./accounts.ts";
import { ApiClient } from "./api-client.ts";
import { BusinessIds } from "./business-ids.ts";
import { planCase } from "./case-plan.ts";
import { workloadOf } from "./workload.ts";

function workload(
  epoch: Fact["epoch"],
  seed = 1,
  scale: "small" | "medium" | "large" = "small",
  load: Load = {},
  hasAudits = false,
): Workload {
  const api = new ApiClient(() => Promise.reject(new Error("a plan is made without the application")));
  return workloadOf(
    { api, ids: new BusinessIds(api, []), accounts: new Accounts((name) => name), hasAudits },
    { epoch, seed, scale, load },
  );
}

type Draft = ReturnType<Operation["facts"]>[number];

function draftsOf({ lanes }: Workload): Draft[] {
  let seq = 0;
  return lanes.flatMap((lane) => [...lane].flatMap((operation) => operation.facts((seq += 1))));
}

/** What is left when all was done, by kind and id. */
function leftOf(drafts: readonly Draft[]): Map<string, Draft> {
  const left = new Map<string, Draft>();
  for (const draft of drafts) {
    if (draft.op === "delete") left.delete(`${draft.kind} ${draft.id}`);
    else left.set(`${draft.kind} ${draft.id}`, draft);
  }
  return left;
}

function countOf(drafts: readonly Draft[], kind: string, op: Fact["op"]): number {
  return drafts.filter((draft) => draft.kind === kind && draft.op === op).length;
}

test("one seed gives the same writes with the same digests, another seed gives others", () => {
  expect(draftsOf(workload("seed"))).toEqual(draftsOf(workload("seed")));
  expect(draftsOf(workload("seed", 1))).not.toEqual(draftsOf(workload("seed", 2)));
});

test("the small scale is large enough to hold every kind, change and deletion", () => {
  const drafts = draftsOf(workload("seed"));
  const created = Object.fromEntries(
    ["organisation", "user", "case", "task", "log", "observable", "alert"].map((kind) => [
      kind,
      countOf(drafts, kind, "create"),
    ]),
  );
  expect(created).toEqual({
    organisation: 2,
    user: 3,
    case: 67,
    task: 120,
    log: 60,
    observable: 300,
    alert: 40,
  });
  for (const kind of ["case", "task", "log", "observable", "alert"]) {
    expect(countOf(drafts, kind, "update")).toBeGreaterThan(0);
    expect(countOf(drafts, kind, "delete")).toBeGreaterThan(0);
  }
  expect(countOf(drafts, "blob", "create")).toBeGreaterThanOrEqual(80);
  expect(countOf(drafts, "blob", "delete")).toBeGreaterThan(0);
});

test("every creation and every change leaves an audit entry of that version, and a deletion takes none away", () => {
  const drafts = draftsOf(workload("seed", 1, "small", {}, true));
  const versions = drafts.filter(
    ({ kind, op }) => op !== "delete" && !["audit", "blob", "organisation", "user"].includes(kind),
  );

  expect(countOf(drafts, "audit", "create")).toBe(versions.length);
  expect(countOf(drafts, "audit", "delete")).toBe(0);
  const entries = drafts.filter(({ kind }) => kind === "audit").map(({ id }) => id);
  expect(new Set(entries).size).toBe(entries.length);
  expect(countOf(draftsOf(workload("seed")), "audit", "create")).toBe(0);
});

test("the number of operations is known before any is made", () => {
  for (const epoch of ["seed", "after", "again"] as const) {
    const { operations, lanes } = workload(epoch);
    expect(lanes.reduce((sum, lane) => sum + [...lane].length, 0)).toBe(operations);
  }
});

test("no record is deleted that was not created, twice, or before it was created", () => {
  const alive = new Set<string>();
  for (const { kind, id, op } of draftsOf(workload("seed")).filter((draft) => draft.kind !== "blob")) {
    const key = `${kind} ${id}`;
    expect(alive.has(key), `${op} ${key}`).toBe(op !== "create");
    if (op === "delete") alive.delete(key);
    else alive.add(key);
  }
});

test("a blob is deleted with the last record that refers to it, and only then", () => {
  const contents = new Map<string, readonly string[]>();
  for (let place = 0; place < 60; place += 1) {
    const plan = planCase({ seed: 1, base: 0, place });
    for (const { content, files } of [plan.log, ...plan.observables])
      contents.set(
        `${content.kind} ${content.id}`,
        files.map(({ sha256 }) => sha256),
      );
  }
  const left = leftOf(draftsOf(workload("seed")));
  const referred = new Set([...left.keys()].flatMap((key) => contents.get(key) ?? []));
  const blobs = new Set(
    [...left.keys()].filter((key) => key.startsWith("blob ")).map((key) => key.slice("blob ".length)),
  );
  expect(blobs).toEqual(referred);
});

test("epochs never name the same record, but for what the epochs after and again change on purpose", () => {
  const seeded = new Set(draftsOf(workload("seed", 1, "medium")).map(({ kind, id }) => `${kind} ${id}`));
  const proving = draftsOf(workload("again"));
  const again = proving.map(({ kind, id }) => `${kind} ${id}`);
  const after = draftsOf(workload("after"));
  expect(
    proving.filter(({ kind, id }) => seeded.has(`${kind} ${id}`)).map(({ kind, op }) => `${op} ${kind}`),
  ).toEqual(["update case"]);
  expect(
    after.filter(({ kind, id }) => seeded.has(`${kind} ${id}`)).map(({ kind, op }) => `${op} ${kind}`),
  ).toEqual(["update case", "delete observable"]);
  expect(after.filter(({ kind, id }) => again.includes(`${kind} ${id}`))).toEqual([]);
});

test("shared content, empty content and content of megabytes are among the attachments", () => {
  const files = Array.from({ length: 60 }, (_, place) => planCase({ seed: 1, base: 0, place })).flatMap(
    ({ log, observables }) => [log, ...observables].flatMap((planned) => planned.files),
  );
  const sizes = files.map(({ bytes }) => bytes.length);
  expect(sizes.filter((size) => size > 3_000_000)).toHaveLength(2);
  expect(sizes.filter((size) => size === 0).length).toBeGreaterThan(0);
  expect(new Set(files.map(({ sha256 }) => sha256)).size).toBeLessThan(files.length);
  for (const { bytes, sha256 } of files)
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
});

test("a large workload is made one case at a time", () => {
  const { operations, lanes } = workload("seed", 1, "large");
  expect(operations).toBeGreaterThan(60_000);
  const [lane] = lanes;
  const iterator = lane?.[Symbol.iterator]();
  expect(iterator?.next().done).toBe(false);
});

test("the last case of the largest epochs still has numbers that fit into a marker", () => {
  expect(planCase({ seed: 1, base: 0, place: 5999 }).promoted.id).toBe("case-056000");
  expect(planCase({ seed: 1, base: 500_000, place: 1999 }).observables.at(-1)?.content.id).toBe(
    "observable-510000",
  );
});

test("load has the rate, the workers and the kinds of call that the drill asks for", () => {
  const { perSecond, lanes, operations } = workload("during", 1, "small", { perSecond: 7, workers: 3 });
  expect({ perSecond, lanes: lanes.length, operations }).toEqual({
    perSecond: 7,
    lanes: 3,
    operations: Infinity,
  });
  const kindsOf = (mix: string[]) => {
    const drafts = draftsOf(workload("during", 1, "small", { mix }));
    return {
      ops: [...new Set(drafts.map(({ op }) => op))].toSorted(),
      hasBlobs: drafts.some(({ kind }) => kind === "blob"),
      cases: countOf(drafts, "case", "create"),
    };
  };
  expect(kindsOf([])).toEqual({ ops: ["create"], hasBlobs: false, cases: 2000 });
  expect(kindsOf(["attach", "delete"])).toEqual({ ops: ["create", "delete"], hasBlobs: true, cases: 2000 });
  expect(kindsOf(["promote"])).toEqual({ ops: ["create", "update"], hasBlobs: false, cases: 2223 });
});
