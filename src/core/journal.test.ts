import fc from "fast-check";
import { expect, test } from "vitest";
import { chainStart, hashLine, readJournal } from "./journal.ts";

function journalOf(count: number): string {
  let previous = chainStart;
  const lines = Array.from({ length: count }, (_, seq) => {
    const line = JSON.stringify({
      seq,
      at: 1000 + seq,
      previous,
      entry: "note",
      about: "n",
      text: `entry ${seq}`,
    });
    previous = hashLine(line);
    return line;
  });
  return `${lines.join("\n")}\n`;
}

test("an untouched journal has no damage, and its head is the hash of its last line", () => {
  const text = journalOf(4);
  expect(readJournal(text)).toMatchObject({
    damage: [],
    headHash: hashLine(text.trim().split("\n").at(-1) ?? ""),
  });
});

test("a changed byte anywhere but in the last line breaks the chain; in the last line it changes the head", () => {
  const text = journalOf(5);
  const head = readJournal(text).headHash;
  fc.assert(
    fc.property(fc.nat(text.length - 2), fc.integer({ min: 1, max: 127 }), (position, mask) => {
      const bytes = Buffer.from(text);
      bytes[position] = (bytes[position] ?? 0) ^ mask;
      const reading = readJournal(bytes.toString("utf8"));
      return reading.damage.length > 0 || reading.headHash !== head;
    }),
    { numRuns: 500 },
  );
});

test("a removed, a repeated and a reordered line are each told with their number", () => {
  const lines = journalOf(4).trim().split("\n");
  const damageOf = (changed: readonly (string | undefined)[]) =>
    readJournal(`${changed.join("\n")}\n`).damage;
  expect(damageOf([lines[0], lines[2], lines[3]])[0]).toBe(
    "journal line 2: does not follow from the line before it",
  );
  expect(damageOf([lines[0], lines[0], lines[1]])[0]).toBe(
    "journal line 2: does not follow from the line before it",
  );
  expect(damageOf([lines[1], lines[0], lines[2], lines[3]])[0]).toBe(
    "journal line 1: does not follow from the line before it",
  );
});

test("a journal that was cut off in mid-line says so", () => {
  expect(readJournal(journalOf(3).slice(0, -20)).damage).toContain("journal line 3: is cut off");
});
