import { expect, test } from "vitest";
import { openDatabase } from "./database.ts";
import { parseHistory } from "./golden-history.ts";
import { measureDifferences, measureLoad, measurePositions } from "./measure-operations.ts";

// The store was cut first and the index a little later; files came last. Backup from 200 to 400, disaster after 900.
const history = parseHistory(`
about: Under load, the index is two calls ahead of the store, and an attachment went before the files were copied.
read: { baseline: [store, index, files], restored: [store, index, files] }
tables:
  placements: [{}, { component: index, role: index }, { kind: blob, component: files, role: blob }]
  cuts: [{}, { component: index, began_at: 250, ended_at: 300 }, { component: files, began_at: 350, ended_at: 400 }]
  steps:
    - { phase: backup, id: cut, component: "store,index,files", planned: 1, position: 1, began_at: 190, ended_at: 400, exit_code: 0 }
    - { phase: backup, id: application-answers, component: api, planned: 2, position: 2, began_at: 400, ended_at: 480, exit_code: 0 }
  facts:
    - { seq: 1, id: early }
    - { seq: 2, kind: blob, id: aa }
    - { seq: 18, id: a, epoch: during }
    - { seq: 21, id: b, epoch: during }
    - { seq: 22, id: early, op: update, epoch: during }
    - { seq: 26, id: c, epoch: during }
    - { seq: 27, id: passing, epoch: during }
    - { seq: 28, id: passing, op: delete, epoch: during, invoked_at: 282, acked_at: 297 }
    - { seq: 33, kind: blob, id: aa, op: delete, epoch: during }
    - { seq: 34, id: d, epoch: during, outcome: unknown }
    - { seq: 45, id: e, epoch: during, invoked_at: 450, acked_at: 480 }
    - { seq: 46, id: f, epoch: during, invoked_at: 460, outcome: fail }
    - { seq: 50, id: g, epoch: after }
  observations:
    - { gate: baseline, id: early, seq: 1 }
    - { id: early, seq: 1 }
    - { id: a, seq: 18 }
    - { id: b, seq: 21 }
    - { component: index, id: early, seq: 22 }
    - { component: index, id: a, seq: 18 }
    - { component: index, id: b, seq: 21 }
    - { component: index, id: c, seq: 26 }
    - { component: files, kind: blob, id: bb }
  links: [{ from_id: early, to_id: aa }]
verdict: fail
`);

test("each store's last call, its first missing one, and what is missing by the backup's end and by the disaster", async () => {
  await using database = await openDatabase({ rows: history.rows });
  const positions = await measurePositions(database);
  expect(positions.get("store")).toEqual({
    gate: "restored",
    lastContained: { operation: 21, acknowledgedAt: 215 },
    firstMissing: { operation: 22, acknowledgedAt: 225 },
    // Of a record that was written and deleted while the cut was under way nobody can tell why it is not there.
    missingAtBackupEnd: 2,
    missingAtDisaster: 4,
    missingOperations: [22, 26, 45, 50],
    partly: [],
    skew: [{ against: "index", onlyHere: 0, onlyThere: 2, operations: [22, 26], milliseconds: 50 }],
  });
  expect(positions.get("index")).toMatchObject({
    lastContained: { operation: 26, acknowledgedAt: 265 },
    firstMissing: { operation: 45 },
    missingAtBackupEnd: 0,
    missingAtDisaster: 2,
    skew: [{ against: "store", onlyHere: 2, onlyThere: 0, milliseconds: 50 }],
  });
  // The file was surely there before the cut, so that its absence is the deletion's.
  expect(positions.get("files")).toMatchObject({
    lastContained: { operation: 33 },
    firstMissing: null,
    missingAtDisaster: 0,
    skew: [],
  });
});

test("a store that could not be read has no position, and a call of which a part is there says so", async () => {
  const half = parseHistory(`
about: Of one call's two records one is there.
read: { restored: [store] }
unreadable: { restored: [index] }
tables:
  placements: [{}, { component: index, role: index }]
  cuts: [{}]
  facts: [{ seq: 1, id: a }, { seq: 1, id: b }]
  observations: [{ id: a, seq: 1 }]
verdict: fail
`);
  await using database = await openDatabase({ rows: half.rows });
  const positions = await measurePositions(database);
  expect([...positions.keys()]).toEqual(["store"]);
  expect(positions.get("store")).toMatchObject({ lastContained: null, partly: [1], missingOperations: [1] });
});

test("a store that came back empty contains no deletion either", async () => {
  const empty = parseHistory(`
about: Nothing was restored.
read: { restored: [store] }
tables:
  placements: [{}]
  cuts: [{}]
  facts: [{ seq: 1, id: a }, { seq: 2, id: b }, { seq: 3, id: a, op: delete }]
verdict: fail
`);
  await using database = await openDatabase({ rows: empty.rows });
  const position = (await measurePositions(database)).get("store");
  expect(position).toMatchObject({ lastContained: null, firstMissing: { operation: 2 } });
});

test("differences are told by what they mean, with the call that each comes from", async () => {
  await using database = await openDatabase({ rows: history.rows });
  const differences = await measureDifferences(database);
  expect(
    Object.fromEntries(
      differences.map(({ meaning, count, examples }) => [
        meaning,
        [count, examples.map(({ subject, operation }) => `${subject} by ${operation}`)],
      ]),
    ),
  ).toEqual({
    ghost: [1, ["bb by null"]],
    repairable: [2, ["early by 1", "c by 26"]],
    torn: [1, ["aa by 33"]],
  });
});

test("times of calls before, during and after the backup; none where there was no load", async () => {
  await using database = await openDatabase({ rows: history.rows });
  expect(await measureLoad(database)).toEqual([
    {
      phase: "before",
      calls: 1,
      ok: 1,
      refused: 0,
      unknown: 0,
      perSecond: 200,
      p50Ms: 5,
      p95Ms: 5,
      p99Ms: 5,
      maxMs: 5,
    },
    {
      phase: "during",
      calls: 7,
      ok: 6,
      refused: 0,
      unknown: 1,
      perSecond: 46.2,
      p50Ms: 5,
      p95Ms: 15,
      p99Ms: 15,
      maxMs: 15,
    },
    {
      phase: "after",
      calls: 2,
      ok: 1,
      refused: 1,
      unknown: 0,
      perSecond: 33.3,
      p50Ms: 30,
      p95Ms: 30,
      p99Ms: 30,
      maxMs: 30,
    },
  ]);
  await using idle = await openDatabase({ rows: {} });
  expect(await measureLoad(idle)).toBeUndefined();
});
