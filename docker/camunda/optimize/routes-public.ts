import { UnreachableError, type Elasticsearch } from "./elasticsearch.ts";
import { ApiError, type Answer, type Route } from "./http.ts";
import type { Importer } from "./importer.ts";
import { asFields, asFieldsList, asNumber, type Fields } from "./json.ts";
import { indices } from "./schema.ts";

const defaultLimit = 100;
const mostInOneAnswer = 1_000;
const readyLimitMs = 2_000;

interface Listing {
  readonly index: string;
  /** Field that the documents are sorted by as texts, and that `searchAfter` names the last value of. */
  readonly key: string;
  readonly without: string;
}

/** Readiness and reading. `/api/readyz` is the product's, the two lists are the stand-in's own. */
export function publicRoutes(
  elasticsearch: Elasticsearch,
  { importer, version }: { readonly importer: Importer; readonly version: string },
): readonly Route[] {
  const list =
    (listing: Listing): Route["handle"] =>
    async ({ query }) =>
      await readPage(elasticsearch, listing, query);
  return [
    {
      method: "GET",
      path: "/",
      handle: () =>
        Promise.resolve({
          status: 200,
          json: {
            name: "Stand-in of Camunda Optimize, part of Muster",
            isStandIn: true,
            imitates: `Camunda Optimize ${version}`,
          },
        }),
    },
    {
      method: "GET",
      path: "/api/readyz",
      handle: async () => await readiness(elasticsearch, importer),
    },
    {
      method: "GET",
      path: "/api/public/process-instances",
      handle: list({ index: indices.instances, key: "processInstanceKey", without: "importedPositions" }),
    },
    {
      method: "GET",
      path: "/api/public/process-definitions",
      handle: list({ index: indices.definitions, key: "processDefinitionKey", without: "bpmn20Xml" }),
    },
  ];
}

async function readiness(elasticsearch: Elasticsearch, importer: Importer): Promise<Answer> {
  try {
    await elasticsearch.demand({ method: "GET", path: "/", limitMs: readyLimitMs });
  } catch (thrown) {
    if (!(thrown instanceof UnreachableError)) throw thrown;
    return { status: 503, json: { message: "Elasticsearch does not answer" } };
  }
  return importer.hasRunOnce
    ? { status: 200, json: { message: "ready" } }
    : { status: 503, json: { message: "the import has not run yet" } };
}

async function readPage(
  elasticsearch: Elasticsearch,
  { index, key, without }: Listing,
  query: URLSearchParams,
): Promise<Answer> {
  const limitText = query.get("limit") ?? `${defaultLimit}`;
  const limit = Number(limitText);
  if (!/^\d+$/.test(limitText) || limit < 1 || limit > mostInOneAnswer)
    throw new ApiError(400, `limit must be from 1 to ${mostInOneAnswer}, got ${limitText}`);
  const after = query.get("searchAfter");
  const answer = await elasticsearch.demand({
    method: "POST",
    path: `/${index}/_search`,
    body: {
      size: limit,
      sort: [{ [key]: "asc" }],
      track_total_hits: true,
      _source: { excludes: [without] },
      ...(after === null ? {} : { search_after: [after] }),
    },
  });
  if (asNumber(asFields(answer["_shards"])["failed"]) !== 0)
    throw new Error(`index ${index} could not be read whole`);
  const hits = asFields(answer["hits"]);
  const items = asFieldsList(hits["hits"]).map((hit): Fields => asFields(hit["_source"]));
  const searchAfter = items.length === limit ? (items.at(-1)?.[key] ?? null) : null;
  return {
    status: 200,
    json: { items, total: asNumber(asFields(hits["total"])["value"]), searchAfter },
  };
}
