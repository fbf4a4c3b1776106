import { expect, test } from "vitest";
import { openDatabase } from "./database.ts";
import { parseHistory } from "./golden-history.ts";
import { measureDatabase } from "./measure.ts";

const history = parseHistory(`
about: One record lost, one stale, one resurrected, one ghost, two writes after the cut; the index could not be read.
read: { baseline: [store], restored: [store] }
unreadable: { restored: [index] }
tables:
  placements: [{}, { component: index, role: index }]
  cuts: [{}]
  facts:
    - { seq: 1, id: lost, digest: d1 }
    - { seq: 2, id: stale, digest: d2 }
    - { seq: 3, id: stale, digest: d3, op: update }
    - { seq: 4, id: back, digest: d4 }
    - { seq: 5, id: back, op: delete }
    - { seq: 6, id: after, invoked_at: 400, epoch: after }
    - { seq: 7, id: after, op: delete, invoked_at: 500, epoch: after }
    - { seq: 8, id: proof, invoked_at: 3000, epoch: again }
  observations:
    - { gate: baseline, id: stale, digest: d3 }
    - { id: stale, digest: d2 }
    - { id: back, digest: d4 }
    - { id: ghost }
  steps:
    - { phase: restore, id: put-back, component: store, planned: 1, position: 1, began_at: 600, ended_at: 650, exit_code: 0 }
    - { phase: restore, id: start, component: api, planned: 2 }
verdict: fail
`);

function differing(meaning: string, example: object) {
  return { meaning, count: 1, examples: [{ component: "store", kind: "case", ...example }] };
}

test("loss, records and times are measured for each component", async () => {
  await using database = await openDatabase({ rows: history.rows });
  expect(await measureDatabase(database)).toEqual({
    perComponent: [
      {
        component: "index",
        lostAcknowledged: null,
        resurrected: null,
        unexplained: null,
        afterCut: 2,
        cutBeganAt: null,
        cutEndedAt: null,
        windowMs: null,
      },
      {
        component: "store",
        lostAcknowledged: 2,
        resurrected: 1,
        unexplained: 1,
        afterCut: 2,
        cutBeganAt: 200,
        cutEndedAt: 300,
        windowMs: 305,
        position: {
          gate: "restored",
          lastContained: { operation: 4, acknowledgedAt: 45 },
          firstMissing: { operation: 1, acknowledgedAt: 15 },
          missingAtBackupEnd: 0,
          missingAtDisaster: 4,
          missingOperations: [1, 5, 6, 7],
          partly: [],
          skew: [],
        },
      },
    ],
    distinct: { lostAcknowledged: 2, resurrected: 1, unexplained: 1 },
    differences: [
      differing("ghost", { subject: "ghost", operation: null, what: "nothing explains it: never-written" }),
      differing("lost", { subject: "lost", operation: 1, what: "acknowledged before the cut, and absent" }),
      differing("resurrected", {
        subject: "back",
        operation: 5,
        what: "deleted before the cut, and present",
      }),
    ],
    load: undefined,
    counts: [
      { component: "index", kind: "case", baseline: null, restored: null, started: null },
      { component: "store", kind: "case", baseline: 1, restored: 3, started: null },
    ],
    phases: [{ id: "put-back", component: "store", beganAt: 600, durationMs: 50 }],
  });
});

test("a record that two components lost counts in each of them, and once for the application", async () => {
  const { rows } = parseHistory(`
about: One record lost in store and index alike, one in the index alone.
read: { baseline: [store, index], restored: [store, index] }
tables:
  placements: [{}, { component: index, role: index }]
  cuts: [{}]
  facts: [{ seq: 1, id: both }, { seq: 2, id: one }]
  observations: [{ id: one }]
verdict: fail
`);
  await using database = await openDatabase({ rows });
  const { distinct, perComponent } = await measureDatabase(database);
  expect(perComponent.map(({ component, lostAcknowledged }) => [component, lostAcknowledged])).toEqual([
    ["index", 2],
    ["store", 1],
  ]);
  expect(distinct).toEqual({ lostAcknowledged: 2, resurrected: 0, unexplained: 0 });
});
