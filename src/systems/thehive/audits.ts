import type { Fact } from "../../core/tables.ts";
import type { Seen } from "../../core/system.ts";
import { observation } from "../../core/seen.ts";
import { digestOf } from "../../stores/digest.ts";
import type { ElasticsearchStore } from "../../stores/elasticsearch.ts";
import { findMarker } from "./marker.ts";

/**
 * Audit entries in an index of their own (`audit.storage = "elasticsearch"`, TheHive 5.5 and later). No other store holds
 * them, so nothing can build this index again. One acknowledged call about a case leaves one entry for each record that it
 * creates or changes, named here after that version of the record.
 */

export const auditKind = "audit";
const auditIndices = "thehive-audits*";
/** Organisations and users are made by other end points, of which the stand-in keeps no entry. */
const unaudited = ["organisation", "user", "blob"];

const auditId = (id: string, seq: number): string => `${id}:${seq}`;

/** Entries that a call leaves, by the facts that it makes true. */
export function auditFacts(
  facts: readonly Pick<Fact, "kind" | "id" | "op" | "digest">[],
  seq: number,
): Pick<Fact, "kind" | "id" | "op" | "digest">[] {
  return facts
    .filter(({ kind, op }) => op !== "delete" && !unaudited.includes(kind))
    .map(({ id }) => ({ kind: auditKind, id: auditId(id, seq), op: "create", digest: null }));
}

export async function* observeAudits(store: ElasticsearchStore): AsyncIterable<Seen> {
  for (const index of (await store.mappingDigests(auditIndices)).keys()) {
    await store.refresh(index);
    for await (const { id, source } of store.documents(index)) {
      const { details } = source;
      const marker = typeof details === "string" ? findMarker(details) : undefined;
      // Entries of deletions name a record by its own id alone: they are seen as they are, and nothing is expected of them.
      if (marker === undefined) yield observation("audit-entry", id, { digest: digestOf(source) });
      else
        yield observation(auditKind, auditId(marker.id, marker.seq), {
          digest: digestOf(source),
          seq: marker.seq,
        });
    }
  }
}
