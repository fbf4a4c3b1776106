import { z } from "zod";
import { observation } from "../../core/seen.ts";
import type { Seen } from "../../core/system.ts";
import type { ElasticsearchStore } from "../../stores/elasticsearch.ts";
import { recordPositions } from "./observe-records.ts";

/** The indices as such: how far each importer has come, how many documents there are, and behind which alias. */

const positionSchema = z.object({ aliasName: z.string(), partitionId: z.int(), position: z.int() });
const importerIndices = [
  ["operate", "operate-import-position-*_"],
  ["tasklist", "tasklist-import-position-*_"],
] as const;
/** Sessions, and queues that are emptied. */
const comeAndGo = /web-session|post-importer-queue|import-position|operation/;

export async function* observeIndices(store: ElasticsearchStore): AsyncIterable<Seen> {
  const pattern = "operate-*,tasklist-*,optimize-*,zeebe-record*";
  await store.refresh(pattern);
  yield* recordPositions(store);
  for (const [application, index] of importerIndices) {
    for await (const { source } of store.documents(index)) {
      const { aliasName, partitionId, position: seq } = positionSchema.parse(source);
      yield observation("import-position", `${partitionId}/${application}/${aliasName}`, { seq });
    }
  }
  for (const [alias, indices] of await store.aliases(pattern))
    yield observation("alias", alias, { digest: indices.join(",") });
  for (const index of (await store.mappingDigests(pattern)).keys())
    if (!comeAndGo.test(index)) yield observation("index", index, { seq: await store.count(index) });
}
