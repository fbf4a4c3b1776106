import { expect, test } from "vitest";
import { openDatabase } from "../check/database.ts";
import { parseHistory } from "../check/golden-history.ts";
import { concludeCases } from "./conclude-cases.ts";

test("a case is a call after the restore that says what it expected and saw, or why it was not acknowledged", async () => {
  const history = parseHistory(`
about: Calls of two epochs.
tables:
  facts:
    - { seq: 1, id: written, message: "of the seed" }
    - { seq: 2, id: silent, epoch: again }
    - { seq: 3, id: held, kind: row, epoch: again, message: "expected one, seen one" }
    - { seq: 4, id: refused, kind: row, epoch: again, outcome: fail, message: "expected one, seen none" }
verdict: unknown
`);
  await using database = await openDatabase({ rows: history.rows });
  expect(await concludeCases(database)).toEqual([
    { kind: "row", id: "held", outcome: "ok", words: "expected one, seen one" },
    { kind: "row", id: "refused", outcome: "fail", words: "expected one, seen none" },
  ]);
});
