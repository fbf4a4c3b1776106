import { expect, test } from "vitest";
import { compareStates } from "./compare.ts";
import { openDatabase } from "./database.ts";
import { parseHistory } from "./golden-history.ts";

const cold = parseHistory(`
about: Nothing is written while the backup is taken.
read: { restored: [store, files] }
tables:
  placements: [{}, { kind: blob, component: files, role: blob }]
  cuts: [{}, { component: files }]
  facts:
    - { seq: 1, id: a }
    - { seq: 2, id: b }
    - { seq: 3, id: a, op: update }
    - { seq: 4, kind: blob, id: aa }
    - { seq: 5, id: c }
  observations:
    - { id: a, seq: 3 }
    - { id: b, seq: 2 }
    - { id: c, seq: 5 }
    - { component: files, kind: blob, id: aa }
verdict: pass
`);
// The same records, their calls numbered in another order; one update is missing, one record too, one was written later.
const hot = parseHistory(`
about: Written under load.
read: { restored: [store, files] }
tables:
  placements: [{}, { kind: blob, component: files, role: blob }]
  cuts: [{}, { component: files }]
  facts:
    - { seq: 1, id: b }
    - { seq: 2, id: a }
    - { seq: 3, kind: blob, id: aa }
    - { seq: 4, id: a, op: update }
    - { seq: 6, id: c }
    - { seq: 19, id: d, epoch: during }
  observations:
    - { id: a, seq: 2 }
    - { id: b, seq: 1 }
    - { id: d, seq: 19 }
    - { component: files, kind: blob, id: aa }
verdict: pass
`);

test("records are compared by their id and the place of their version, whatever numbers their calls had", async () => {
  await using first = await openDatabase({ rows: cold.rows });
  await using second = await openDatabase({ rows: hot.rows });
  const nothing = { same: 0, onlyInFirst: 0, onlyInSecond: 0, otherVersion: 0, examples: [] };
  expect(await compareStates(first, second)).toEqual([
    { ...nothing, component: "files", kind: "blob", writtenBy: "seed", same: 1 },
    { ...nothing, component: "store", kind: "case", writtenBy: "during", onlyInSecond: 1, examples: ["d"] },
    {
      ...nothing,
      component: "store",
      kind: "case",
      writtenBy: "seed",
      same: 1,
      onlyInFirst: 1,
      otherVersion: 1,
      examples: ["c", "a"],
    },
  ]);
});

test("a run compared with itself differs in nothing", async () => {
  await using first = await openDatabase({ rows: cold.rows });
  await using second = await openDatabase({ rows: cold.rows });
  for (const { onlyInFirst, onlyInSecond, otherVersion, same } of await compareStates(first, second)) {
    expect(onlyInFirst + onlyInSecond + otherVersion).toBe(0);
    expect(same).toBeGreaterThan(0);
  }
});

test("what could not be read is in neither state", async () => {
  const unread = parseHistory(`
about: The store could not be read.
read: { restored: [files] }
unreadable: { restored: [store] }
tables:
  placements: [{}, { kind: blob, component: files, role: blob }]
  cuts: [{}, { component: files }]
  facts: [{ seq: 1, id: a }, { seq: 4, kind: blob, id: aa }]
  observations: [{ id: a, seq: 1 }, { component: files, kind: blob, id: aa }]
verdict: unknown
`);
  await using first = await openDatabase({ rows: cold.rows });
  await using second = await openDatabase({ rows: unread.rows });
  const rows = await compareStates(first, second);
  expect(rows.find(({ component }) => component === "store")).toMatchObject({ onlyInFirst: 3, same: 0 });
});
