import type { StackHandle } from "../../core/stack.ts";
import type { Seen } from "../../core/system.ts";
import type { CassandraStore, Cell } from "../../stores/cassandra.ts";
import { FramedDigest, sha256Of } from "../../stores/digest.ts";
import { openCassandra, type OperatorLogin } from "./database-accounts.ts";
import {
  blockCounterOf,
  decodeIdBlock,
  decodeVertexKey,
  digestsIn,
  isProperty,
  isUserVertex,
  vertexName,
  type VertexKey,
} from "./graph-keys.ts";
import { findRawMarker, ownMarker, type Marker } from "./marker.ts";
import { observation } from "../../core/seen.ts";

/** What the keyspace of TheHive holds, read without TheHive, through CQL. */

const keyspace = "thehive";
/** The graph keeps one row of each vertex here, and its composite indices in the other. */
const vertexTable = "edgestore";
const digestedTables = ["edgestore", "graphindex"];
/** End of the ASCII text "Attachment": the serializer sets the high bit of its last character. */
const attachmentLabel = Buffer.from("Attachmen\xf4", "latin1");

export async function* observeCassandra(stack: StackHandle, login?: OperatorLogin): AsyncIterable<Seen> {
  await using store = await openCassandra(stack, login);
  const tables = await store.tableNames(keyspace);
  for (const table of tables) {
    yield observation("schema-table", table, { digest: await store.tableSchemaDigest(keyspace, table) });
  }
  if (tables.includes(vertexTable)) yield* observeVertices(store);
  // `system_properties` and `janusgraph_ids` change with every start of the graph, the tables of locks and logs at any time.
  for (const table of digestedTables.filter((name) => tables.includes(name)))
    yield await digestOfTable(store, table);
  if (tables.includes("system_properties")) yield* observeProperties(store);
  if (tables.includes("janusgraph_ids")) yield* observeIdBlocks(store);
}

/** Number of user vertices, for the comparison with the index. */
export async function countVertices(stack: StackHandle, login?: OperatorLogin): Promise<number> {
  await using store = await openCassandra(stack, login);
  let count = 0;
  for await (const row of store.rows(`SELECT DISTINCT key FROM "${keyspace}"."${vertexTable}"`)) {
    const key: unknown = row.get("key");
    if (Buffer.isBuffer(key) && isUserVertex(decodeVertexKey(key))) count += 1;
  }
  return count;
}

async function* observeVertices(store: CassandraStore): AsyncIterable<Seen> {
  const highestInUse = new Map<bigint, bigint>();
  for await (const vertex of vertices(store.cells(keyspace, vertexTable))) {
    const { key } = vertex;
    const inUse = highestInUse.get(key.partition) ?? 0n;
    if (blockCounterOf(key) > inUse) highestInUse.set(key.partition, blockCounterOf(key));
    yield* seenOf(vertex);
  }
  for (const [partition, counter] of highestInUse) {
    yield observation("id-block-used", String(partition), { seq: Number(counter) });
  }
}

interface Vertex {
  readonly key: VertexKey;
  readonly bytes: number;
  readonly digest: string;
  /** Digest over properties alone: an edge to a new neighbour is no new content. */
  readonly contentDigest: string;
  readonly marker: Marker | undefined;
  /** Digests that an attachment refers to. */
  readonly references: ReadonlySet<string>;
}

function* seenOf({ key, bytes, digest, contentDigest, marker, references }: Vertex): Iterable<Seen> {
  const name = vertexName(key.id);
  yield observation("vertex", name, { digest, bytes });
  if (marker !== undefined)
    yield observation(marker.kind, marker.id, { digest: contentDigest, seq: marker.seq, bytes });
  for (const sha256 of references) {
    yield {
      table: "links",
      from_kind: "vertex",
      from_id: name,
      to_component: "files",
      to_kind: "blob",
      to_id: sha256,
      label: "attachment",
    };
  }
}

/** Groups cells by key; a table is read in the order of its keys, so one vertex at a time is in memory. */
async function* vertices(cells: AsyncIterable<Cell>): AsyncIterable<Vertex> {
  let current: { readonly key: Buffer; readonly cells: Cell[] } | undefined;
  for await (const cell of cells) {
    if (current !== undefined && !current.key.equals(cell.key)) {
      yield* userVertex(current.key, current.cells);
      current = undefined;
    }
    current ??= { key: cell.key, cells: [] };
    current.cells.push(cell);
  }
  if (current !== undefined) yield* userVertex(current.key, current.cells);
}

function* userVertex(rawKey: Buffer, cells: readonly Cell[]): Iterable<Vertex> {
  const key = decodeVertexKey(rawKey);
  if (!isUserVertex(key)) return;
  const all = new FramedDigest();
  const content = new FramedDigest();
  let bytes = 0;
  for (const cell of cells) {
    for (const digest of isProperty(cell.column) ? [all, content] : [all]) {
      digest.add(cell.column);
      digest.add(cell.value);
    }
    bytes += cell.column.length + cell.value.length;
  }
  const texts = cells.map((cell) => Buffer.concat([cell.column, cell.value]));
  const isAttachment = texts.some((text) => text.includes(attachmentLabel));
  yield {
    key,
    bytes,
    digest: all.end(),
    contentDigest: content.end(),
    marker: ownMarker(texts.map((text) => findRawMarker(text))),
    // Only of attachments: other texts of 64 hexadecimal digits, such as the data of an observable, name no file.
    references: new Set(isAttachment ? texts.flatMap((text) => digestsIn(text)) : []),
  };
}

async function digestOfTable(store: CassandraStore, table: string): Promise<Seen> {
  const digest = new FramedDigest();
  let bytes = 0;
  for await (const { key, column, value } of store.cells(keyspace, table)) {
    for (const part of [key, column, value]) {
      digest.add(part);
      bytes += part.length;
    }
  }
  return observation("table", table, { digest: digest.end(), bytes });
}

/** The schema version of the application, and the instances of the graph that are registered as open. */
async function* observeProperties(store: CassandraStore): AsyncIterable<Seen> {
  for await (const { key, column, value } of store.cells(keyspace, "system_properties")) {
    const area = key.toString("latin1");
    const name = column.toString("latin1");
    if (area.includes("userconfig") && name.includes("thehive_version")) {
      yield observation("graph-variable", "thehive_version", { digest: sha256Of(value) });
    }
    const [, instance] = /system-registration\.(.+)\.startup-time/.exec(name) ?? [];
    if (instance !== undefined) yield observation("instance", instance);
  }
}

async function* observeIdBlocks(store: CassandraStore): AsyncIterable<Seen> {
  const allocated = new Map<bigint, bigint>();
  for await (const cell of store.cells(keyspace, "janusgraph_ids")) {
    const block = decodeIdBlock(cell);
    if (block !== undefined && block.end > (allocated.get(block.partition) ?? 0n))
      allocated.set(block.partition, block.end);
  }
  for (const [partition, end] of allocated) {
    yield observation("id-block-allocated", String(partition), { seq: Number(end) });
  }
}
