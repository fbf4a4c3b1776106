import { expect, test } from "vitest";
import { highestPosition } from "./raft-log.ts";

/** A segment of 8.6.0 with one record for each pair; without positions, a record of the cluster itself. */
function segment(
  records: readonly ({ readonly lowest: bigint; readonly highest: bigint } | "own")[],
): Buffer {
  const parts: Buffer[] = [Buffer.alloc(57, 2)];
  for (const record of records) {
    const data = Buffer.alloc(80);
    data.writeBigInt64LE(record === "own" ? -1n : record.lowest, 16);
    if (record !== "own") {
      data.writeBigUInt64LE(record.lowest, 53);
      data.writeBigUInt64LE(record.highest, 61);
    }
    const frame = Buffer.alloc(21);
    frame[0] = 1;
    frame.writeUInt32LE(data.length, 17);
    parts.push(frame, data);
  }
  return Buffer.concat([...parts, Buffer.alloc(400)]);
}

test("the log reaches as far as the highest position of any record", () => {
  expect(highestPosition(segment(["own", { lowest: 1n, highest: 4n }, { lowest: 5n, highest: 9n }]))).toBe(9);
});

test("a segment without records of the application reaches nowhere", () => {
  expect(highestPosition(segment(["own"]))).toBe(0);
  expect(highestPosition(Buffer.alloc(4096))).toBe(0);
});

test("a record that the end of the file cuts off does not count", () => {
  const whole = segment([
    { lowest: 1n, highest: 4n },
    { lowest: 5n, highest: 9n },
  ]);
  expect(highestPosition(whole.subarray(0, 57 + 101 + 60))).toBe(4);
});
