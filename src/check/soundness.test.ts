import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CheckResult } from "../core/report.ts";
import type { Fact, Observation } from "../core/tables.ts";
import { openDatabase, type TableRows } from "./database.ts";
import { loadInvariants } from "./invariants.ts";
import { judgeDatabase } from "./judge.ts";

/**
 * A server is simulated: every write takes effect at some moment between its call and its answer, one of unknown outcome
 * at some moment or never, and a backup copies the state of one moment within its cut. Whatever it copied must give no
 * finding; whatever is then taken away, added or changed must give one.
 */

const invariants = (
  await loadInvariants([join(dirname(fileURLToPath(import.meta.url)), "invariants")])
).filter(({ id }) =>
  [
    "acknowledged-writes-survive",
    "no-unexplained-records",
    "deleted-stays-deleted",
    "content-unchanged",
  ].includes(id),
);

const cut = { beganAt: 1000, endedAt: 1400 };
const numRuns = 40;
const timeoutMs = 120_000;

interface Write {
  readonly fact: Fact;
  /** Moment at which the simulated server carried it out; undefined for never. */
  readonly effectAt: number | undefined;
}

const writeChoice = fc.record({
  wantsDelete: fc.boolean(),
  outcome: fc.constantFrom("ok" as const, "ok" as const, "ok" as const, "fail" as const, "unknown" as const),
  pauseMs: fc.integer({ min: 1, max: 500 }),
  durationMs: fc.integer({ min: 2, max: 300 }),
  effectShare: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
  isLost: fc.boolean(),
});
type WriteChoice = typeof writeChoice extends fc.Arbitrary<infer Choice> ? Choice : never;

const world = fc
  .record({
    records: fc.array(fc.array(writeChoice, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 }),
    snapshotShares: fc.tuple(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    ),
  })
  .map(({ records, snapshotShares }) => {
    const writes = records.flatMap((choices, index) => writesOf(`record-${index}`, choices, index * 100));
    const [storeAt, copyAt] = snapshotShares.map(
      (share) => cut.beganAt + share * (cut.endedAt - cut.beganAt),
    );
    return { writes, storeAt: storeAt ?? cut.beganAt, copyAt: copyAt ?? cut.beganAt };
  });

function writesOf(id: string, choices: readonly WriteChoice[], firstSeq: number): Write[] {
  let nowMs = 100;
  let mayExist = false;
  return choices.map((choice, index) => {
    const invokedAt = nowMs + choice.pauseMs;
    const endedAt = invokedAt + choice.durationMs;
    nowMs = endedAt;
    const op = choice.wantsDelete && mayExist ? "delete" : mayExist ? "update" : "create";
    if (choice.outcome !== "fail") mayExist = op !== "delete";
    const seq = firstSeq + index + 1;
    return {
      fact: {
        seq,
        kind: "case",
        id,
        op,
        digest: op === "delete" ? null : `digest-${seq}`,
        outcome: choice.outcome,
        invoked_at: invokedAt,
        acked_at: choice.outcome === "ok" ? endedAt : null,
        epoch: "during",
        message: null,
      },
      effectAt:
        choice.outcome === "fail" || (choice.outcome === "unknown" && choice.isLost)
          ? undefined
          : invokedAt + choice.effectShare * choice.durationMs,
    };
  });
}

/** What the simulated server held at a moment. */
function stateAt(writes: readonly Write[], momentMs: number): Map<string, Fact> {
  const state = new Map<string, Fact>();
  for (const { fact, effectAt } of writes) {
    if (effectAt === undefined || effectAt > momentMs) continue;
    if (fact.op === "delete") state.delete(fact.id);
    else state.set(fact.id, fact);
  }
  return state;
}

function observationsOf(component: string, state: ReadonlyMap<string, Fact>): Observation[] {
  return [...state.values()].map(({ id, digest, seq }) => ({
    gate: "started",
    component,
    kind: "case",
    id,
    digest,
    seq,
    bytes: null,
  }));
}

function rowsOf(writes: readonly Write[], observations: readonly Observation[]): TableRows {
  const components = ["api", "copy"];
  return {
    facts: writes.map(({ fact }) => fact),
    placements: components.map((component) => ({
      kind: "case",
      component,
      role: "api",
      since_gate: "started",
    })),
    observations,
    cuts: components.map((component) => ({
      component,
      backup_id: "backup",
      began_at: cut.beganAt,
      ended_at: cut.endedAt,
      artefacts: 1,
      bytes: 1,
    })),
    steps: components.map((component) => ({
      phase: "observe",
      id: "started",
      component,
      planned: null,
      position: null,
      began_at: 9000,
      ended_at: 9001,
      exit_code: 0,
      message: null,
    })),
  };
}

async function judgeRows(rows: TableRows): Promise<CheckResult[]> {
  await using database = await openDatabase({ rows });
  return await judgeDatabase(database, { invariants, gates: ["started"] });
}

const subjectsOf = (results: readonly CheckResult[]): string[] =>
  results.flatMap(({ id, findings }) =>
    findings.map(({ component, subject }) => `${id} ${component} ${subject}`),
  );

/** Records that every moment within the cut holds, told without looking at the SQL: nothing happened to them around it. */
function settledRecords(writes: readonly Write[]): string[] {
  const ids = [...new Set(writes.map(({ fact }) => fact.id))];
  return ids.filter((id) => {
    const own = writes.filter(({ fact }) => fact.id === id && fact.outcome !== "fail");
    const isQuiet = own.every(
      ({ fact }) =>
        fact.outcome === "ok" && ((fact.acked_at ?? 0) < cut.beganAt || fact.invoked_at >= cut.endedAt),
    );
    const before = own.filter(({ fact }) => (fact.acked_at ?? 0) < cut.beganAt);
    return isQuiet && before.length > 0 && before.at(-1)?.fact.op !== "delete";
  });
}

describe("a simulated server, copied within its cut", () => {
  test("gives no finding, whatever was in flight", { timeout: timeoutMs }, async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ writes, storeAt, copyAt }) => {
        const observations = [
          ...observationsOf("api", stateAt(writes, storeAt)),
          ...observationsOf("copy", stateAt(writes, copyAt)),
        ];
        expect(subjectsOf(await judgeRows(rowsOf(writes, observations)))).toEqual([]);
      }),
      { numRuns },
    );
  });

  test(
    "gives a finding for each settled record that is dropped, and for no other",
    { timeout: timeoutMs },
    async () => {
      await fc.assert(
        fc.asyncProperty(world, async ({ writes, storeAt }) => {
          const dropped = settledRecords(writes);
          const state = stateAt(writes, storeAt);
          const kept = new Map([...state].filter(([id]) => !dropped.includes(id)));
          const results = await judgeRows(
            rowsOf(writes, [...observationsOf("api", kept), ...observationsOf("copy", state)]),
          );
          expect(subjectsOf(results).toSorted()).toEqual(
            dropped.map((id) => `acknowledged-writes-survive api ${id}`).toSorted(),
          );
        }),
        { numRuns },
      );
    },
  );

  test(
    "gives a finding for each settled record of which one byte is different",
    { timeout: timeoutMs },
    async () => {
      await fc.assert(
        fc.asyncProperty(world, async ({ writes, storeAt }) => {
          const changed = settledRecords(writes);
          const observations = observationsOf("api", stateAt(writes, storeAt)).map((row) =>
            changed.includes(row.id) ? { ...row, digest: `${row.digest ?? ""}x` } : row,
          );
          const copy = observationsOf("copy", stateAt(writes, storeAt));
          expect(subjectsOf(await judgeRows(rowsOf(writes, [...observations, ...copy]))).toSorted()).toEqual(
            changed.map((id) => `content-unchanged api ${id}`).toSorted(),
          );
        }),
        { numRuns },
      );
    },
  );

  test("gives the same results whatever the order of the rows", { timeout: timeoutMs }, async () => {
    await fc.assert(
      fc.asyncProperty(world, fc.infiniteStream(fc.integer()), async ({ writes, storeAt }, keys) => {
        const observations = observationsOf("api", stateAt(writes, storeAt)).slice(1);
        const rows = rowsOf(writes, observations);
        const shuffle = <Item>(items: readonly Item[] | undefined): Item[] =>
          (items ?? [])
            .map((item) => ({ item, key: keys.next().value }))
            .toSorted((a, b) => a.key - b.key)
            .map(({ item }) => item);
        const shuffled: TableRows = {
          ...rows,
          facts: shuffle(rows.facts),
          observations: shuffle(rows.observations),
        };
        expect(await judgeRows(shuffled)).toEqual(await judgeRows(rows));
      }),
      { numRuns: numRuns / 2 },
    );
  });
});
