/**
 * How JanusGraph names vertices in its stores. Observed on JanusGraph 1.1.0: the ids decoded here equal those of the
 * graph server and, in base 36, those of the index. Source: org.janusgraph.graphdb.idmanagement.IDManager.
 */

/** Bits of a key that hold its partition: 5 for the default of 32 partitions (`cluster.max-partitions`). */
const defaultPartitionBits = 5n;
const suffixBits = 3n;
const keyBits = 64n;
/** Suffix of vertices that a user made; others are the schema's and the system's. */
const userSuffix = 0n;
/** The lowest bits of a vertex's counter are a tag, the rest is what id blocks count. Observed: blocks of 10,000. */
const tagBits = 4n;

export interface VertexKey {
  readonly partition: bigint;
  readonly count: bigint;
  readonly suffix: bigint;
  /** May exceed 2^53, so it is never a number. */
  readonly id: bigint;
}

/** Decodes a key of table `edgestore`. */
export function decodeVertexKey(key: Buffer, partitionBits: bigint = defaultPartitionBits): VertexKey {
  const raw = key.readBigUInt64BE(0);
  const partition = raw >> (keyBits - partitionBits);
  const suffix = raw & ((1n << suffixBits) - 1n);
  const count = (raw >> suffixBits) & ((1n << (keyBits - suffixBits - partitionBits)) - 1n);
  return { partition, suffix, count, id: (((count << partitionBits) + partition) << suffixBits) | suffix };
}

/** The key under which a vertex is kept. */
export function encodeVertexKey(id: bigint, partitionBits: bigint = defaultPartitionBits): Buffer {
  const suffix = id & ((1n << suffixBits) - 1n);
  const partition = (id >> suffixBits) & ((1n << partitionBits) - 1n);
  const count = id >> (suffixBits + partitionBits);
  const key = Buffer.alloc(8);
  key.writeBigUInt64BE((partition << (keyBits - partitionBits)) | (count << suffixBits) | suffix);
  return key;
}

export function isUserVertex(key: VertexKey): boolean {
  return key.suffix === userSuffix;
}

/** Place of a vertex within the id blocks of its partition. */
export function blockCounterOf(key: VertexKey): bigint {
  return key.count >> tagBits;
}

/** TheHive's `_id`: a tilde and the vertex id in decimal. */
export function vertexName(id: bigint): string {
  return `~${id}`;
}

const digits36 = /^[0-9a-z]+$/;

/** Vertex id of a document: its `_id` is the vertex id in base 36. Undefined where the text is no such id. */
export function vertexIdOfDocument(documentId: string): bigint | undefined {
  if (!digits36.test(documentId)) return undefined;
  let id = 0n;
  for (const digit of documentId) id = id * 36n + BigInt(Number.parseInt(digit, 36));
  return id;
}

/**
 * An allocated block of ids: a row of table `janusgraph_ids`. Only vertices of users are counted (namespace 0).
 * Source: observed; the key holds partition and namespace, the column begins with the negative end of the block.
 */
export function decodeIdBlock(
  cell: { readonly key: Buffer; readonly column: Buffer },
  partitionBits: bigint = defaultPartitionBits,
): { readonly partition: bigint; readonly end: bigint } | undefined {
  if (cell.key.length < 8 || cell.column.length < 8) return undefined;
  const raw = cell.key.readBigUInt64BE(0);
  const partition = raw >> (keyBits - partitionBits);
  const namespace = raw & ((1n << (keyBits - partitionBits)) - 1n);
  return namespace === 0n ? { partition, end: -cell.column.readBigInt64BE(0) } : undefined;
}

/**
 * Whether a cell is a property of its vertex. An edge changes the cells of both its ends, so a digest of a record's own
 * content must leave edges out. The first three bits of a column are: system or user (two bits), property or edge (one bit).
 * Source: org.janusgraph.graphdb.database.idhandling.IDHandler; seen on JanusGraph 1.1.0.
 */
export function isProperty(column: Buffer): boolean {
  return column.length > 0 && (column.readUInt8(0) & 0b0010_0000) === 0;
}

const reference = /([0-9a-f]{63})([\xb0-\xb9\xe1-\xe6])/g;

/** SHA-256 digests that a cell's ASCII texts consist of. */
export function digestsIn(value: Buffer): string[] {
  return [...value.toString("latin1").matchAll(reference)].map(
    ([, head = "", last = ""]) => head + String.fromCharCode(last.charCodeAt(0) & 0x7f),
  );
}
