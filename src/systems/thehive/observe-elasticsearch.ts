import type { StackHandle } from "../../core/stack.ts";
import type { Seen } from "../../core/system.ts";
import { digestOf } from "../../stores/digest.ts";
import { ElasticsearchStore, type Document } from "../../stores/elasticsearch.ts";
import { observeAudits } from "./audits.ts";
import { vertexIdOfDocument, vertexName } from "./graph-keys.ts";
import { findMarker, ownMarker, type Marker } from "./marker.ts";
import { observation } from "../../core/seen.ts";

/** The index that JanusGraph keeps of TheHive's vertices. Source: org.janusgraph.diskstorage.es.ElasticSearchIndex, observed on 1.1.0. */

/** Index `global` of the graph, behind the prefix of `index.search.index-name`. */
export const graphIndex = "thehive_global";
const ownIndices = "thehive*";

export async function openElasticsearch(stack: StackHandle, password: string): Promise<ElasticsearchStore> {
  return new ElasticsearchStore({
    ...(await stack.endpoint("elasticsearch", 9200)),
    username: "elastic",
    password,
  });
}

export async function* observeElasticsearch(stack: StackHandle, password: string): AsyncIterable<Seen> {
  await using store = await openElasticsearch(stack, password);
  const mappings = await store.mappingDigests(ownIndices);
  for (const [index, digest] of mappings) yield observation("index", index, { digest });
  for (const [alias, indices] of await store.aliases(ownIndices))
    yield observation("alias", alias, { digest: indices.join(",") });
  yield* observeAudits(store);
  // A server that answers without this index holds no document: that is a reading too.
  if (!mappings.has(graphIndex)) return;
  // A refresh shows what was written and changes no document; without it the newest writes would seem to be lost.
  await store.refresh(graphIndex);
  for await (const document of store.documents(graphIndex)) yield* seenOf(document);
}

function* seenOf({ id, source }: Document): Iterable<Seen> {
  const vertexId = vertexIdOfDocument(id);
  const digest = digestOfDocument(source);
  // An id that is no vertex id is shown as it is: it is in no other store, and so cannot hide.
  yield observation("vertex", vertexId === undefined ? id : vertexName(vertexId), { digest });
  const marker = markerIn(source);
  if (marker !== undefined) yield observation(marker.kind, marker.id, { digest, seq: marker.seq });
}

/**
 * Digest of a document. Values of a field with several, such as tags, are a set to the graph: an index that is built again
 * has them in another order.
 */
export function digestOfDocument(source: Document["source"]): string {
  const fields = Object.entries(source).map(([field, value]) => [
    field,
    Array.isArray(value) ? value.map((item) => JSON.stringify(item)).toSorted() : value,
  ]);
  return digestOf(Object.fromEntries(fields));
}

function markerIn(source: Document["source"]): Marker | undefined {
  const texts = Object.values(source).flat();
  return ownMarker(texts.map((text) => (typeof text === "string" ? findMarker(text) : undefined)));
}
