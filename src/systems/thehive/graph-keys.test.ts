import fc from "fast-check";
import { expect, test } from "vitest";
import {
  blockCounterOf,
  decodeIdBlock,
  decodeVertexKey,
  digestsIn,
  encodeVertexKey,
  isProperty,
  isUserVertex,
  vertexIdOfDocument,
  vertexName,
} from "./graph-keys.ts";

/** User vertices: the count fits into what is left beside partition and suffix. */
const userVertexIds = fc
  .tuple(fc.bigInt({ min: 1n, max: (1n << 55n) - 1n }), fc.bigInt({ min: 0n, max: 31n }))
  .map(([count, partition]) => ((count << 5n) + partition) << 3n);

test("a key of user vertices decodes to the id that it was made of, with 5 bits of partition", () => {
  fc.assert(
    fc.property(userVertexIds, (id) => {
      const key = decodeVertexKey(encodeVertexKey(id));
      expect(key.id).toBe(id);
      expect(isUserVertex(key)).toBe(true);
    }),
  );
});

test("a key keeps partition, count and suffix where JanusGraph puts them", () => {
  const key = decodeVertexKey(Buffer.from("f000000000010008", "hex"));
  expect(key).toEqual({ partition: 30n, suffix: 0n, count: 0x2001n, id: ((0x2001n << 5n) + 30n) << 3n });
  expect(blockCounterOf(key)).toBe(0x200n);
  expect(isUserVertex(decodeVertexKey(Buffer.from("0000000000000805", "hex")))).toBe(false);
});

test("a document is named by the id of its vertex in base 36, also beyond 2^53", () => {
  fc.assert(
    fc.property(userVertexIds, (id) => {
      expect(vertexIdOfDocument(id.toString(36))).toBe(id);
    }),
  );
  expect(vertexName((1n << 60n) + 8n)).toBe("~1152921504606846984");
  expect(vertexIdOfDocument("not an id")).toBeUndefined();
});

test("an allocated block of ids names its partition and its end; other namespaces are left out", () => {
  const column = Buffer.alloc(24);
  column.writeBigInt64BE(-20_000n);
  expect(decodeIdBlock({ key: Buffer.from("3800000000000000", "hex"), column })).toEqual({
    partition: 7n,
    end: 20_000n,
  });
  expect(decodeIdBlock({ key: Buffer.from("3800000000000003", "hex"), column })).toBeUndefined();
});

test("a property and an edge are told apart by the first byte of their column", () => {
  // Columns of a case, as JanusGraph 1.1.0 wrote them: title, existence, edge to its task, edge to its label.
  expect(["54", "02", "72", "24"].map((byte) => isProperty(Buffer.from(byte, "hex")))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test("a digest is found in an ASCII text whose last character carries its high bit, and only there", () => {
  const digest = "0123456789abcdef".repeat(4);
  const raw = Buffer.from(digest, "latin1");
  raw.writeUInt8((raw.at(-1) ?? 0) | 0x80, raw.length - 1);
  expect(digestsIn(Buffer.concat([Buffer.from([0x54, 0xa0]), raw, Buffer.from([0x80])]))).toEqual([digest]);
  expect(digestsIn(Buffer.from(digest))).toEqual([]);
});
