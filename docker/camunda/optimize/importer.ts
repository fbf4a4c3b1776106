import { setTimeout as sleep } from "node:timers/promises";
import type { Elasticsearch } from "./elasticsearch.ts";
import { asFields, asFieldsList, asNumber } from "./json.ts";
import { ImportWriter } from "./import-writer.ts";
import { indexPattern, parseRecord, recordTypes, type RecordType, type ZeebeRecord } from "./records.ts";
import { ensureIndices, indices } from "./schema.ts";

const pauseMs = 500;
const pageSize = 500;
const searchLimitMs = 60_000;

interface Source {
  readonly type: RecordType;
  readonly partitionId: number;
}

interface Scope {
  readonly zeebePrefix: string;
  readonly partitionCount: number;
}

/**
 * Takes Zeebe's records over into Optimize's indices. For each kind of record and partition it reads on from the stored
 * position, in the order of positions; the position is written after the data, so that a crash repeats work and skips none.
 * @see docs.camunda.io, Optimize: "Camunda 8 system" import; part 1 of a backup holds these positions
 */
export class Importer {
  readonly #elasticsearch: Elasticsearch;
  readonly #scope: Scope;
  readonly #sources: readonly Source[];
  readonly #writer: ImportWriter;
  #positions: Map<string, number> | undefined;
  #hasRunOnce = false;

  constructor(elasticsearch: Elasticsearch, scope: Scope) {
    this.#elasticsearch = elasticsearch;
    this.#scope = scope;
    this.#writer = new ImportWriter(elasticsearch);
    this.#sources = recordTypes.flatMap((type) =>
      Array.from({ length: scope.partitionCount }, (_, index) => ({ type, partitionId: index + 1 })),
    );
  }

  /** Whether one whole round was done since the start. */
  get hasRunOnce(): boolean {
    return this.#hasRunOnce;
  }

  /** Goes on until it is told to end; a failure is told once, and then tried again until it passes. */
  async run(signal: AbortSignal): Promise<void> {
    let lastProblem: string | undefined;
    while (!signal.aborted) {
      try {
        const isMoreWaiting = await this.#runRound();
        if (lastProblem !== undefined) console.log("import goes on");
        lastProblem = undefined;
        this.#hasRunOnce = true;
        if (isMoreWaiting) continue;
      } catch (thrown) {
        const problem = thrown instanceof Error ? thrown.message : String(thrown);
        if (problem !== lastProblem) console.log(`import is held up, and tried again: ${problem}`);
        lastProblem = problem;
        // What the indices hold now is unknown: another server, or a restore, may be behind the same address.
        this.#positions = undefined;
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined); // Ended by the signal.
    }
  }

  /** @returns whether any source had a full page, so that more is waiting */
  async #runRound(): Promise<boolean> {
    const positions = this.#positions ?? (await this.#prepare());
    this.#positions = positions;
    const pages = await this.#readPages(positions);
    for (const [index, { type, partitionId }] of this.#sources.entries()) {
      const records = pages[index] ?? [];
      const last = records.at(-1);
      if (last === undefined) continue;
      await this.#writer.write(type, records);
      await this.#savePosition({ type, partitionId }, last.position);
      positions.set(idOf({ type, partitionId }), last.position);
      console.log(
        `imported ${records.length} ${type} records of partition ${partitionId} to position ${last.position}`,
      );
    }
    return pages.some((records) => records.length === pageSize);
  }

  /** Creates what is absent and reads the positions. */
  async #prepare(): Promise<Map<string, number>> {
    const created = await ensureIndices(this.#elasticsearch);
    if (created.length > 0) console.log(`created ${created.join(", ")}`);
    if (this.#sources.length === 0) return new Map();
    const found = await this.#elasticsearch.demand({
      method: "POST",
      path: `/${indices.positions}/_mget`,
      body: { ids: this.#sources.map(idOf) },
    });
    const documents = asFieldsList(found["docs"]);
    return new Map(
      this.#sources.map((source, index): [string, number] => {
        const document = documents[index] ?? {};
        if ("error" in document)
          throw new Error(`positions could not be read: ${JSON.stringify(document["error"])}`);
        return [idOf(source), asNumber(asFields(document["_source"])["position"]) ?? 0];
      }),
    );
  }

  /** The next page of each source, in one call. */
  async #readPages(positions: ReadonlyMap<string, number>): Promise<readonly (readonly ZeebeRecord[])[]> {
    if (this.#sources.length === 0) {
      await this.#elasticsearch.demand({ method: "GET", path: "/" });
      return [];
    }
    const lines = this.#sources.flatMap((source) => [
      { index: indexPattern(this.#scope.zeebePrefix, source.type) },
      {
        size: pageSize,
        query: {
          bool: {
            filter: [
              { term: { partitionId: source.partitionId } },
              { range: { position: { gt: positions.get(idOf(source)) ?? 0 } } },
            ],
          },
        },
        sort: [{ position: { order: "asc", unmapped_type: "long" } }],
      },
    ]);
    const answer = await this.#elasticsearch.demand({
      method: "POST",
      path: "/_msearch",
      body: lines,
      limitMs: searchLimitMs,
    });
    return this.#sources.map((source, index) =>
      recordsOf(asFieldsList(answer["responses"])[index] ?? {}, source),
    );
  }

  async #savePosition(source: Source, position: number): Promise<void> {
    await this.#elasticsearch.demand({
      method: "PUT",
      path: `/${indices.positions}/_doc/${idOf(source)}`,
      body: {
        recordType: source.type,
        partitionId: source.partitionId,
        position,
        lastImportDate: new Date().toISOString(),
      },
    });
  }
}

function idOf({ type, partitionId }: Source): string {
  return `${type}-${partitionId}`;
}

/** @throws Error where a shard did not answer: its records would be passed over for good. */
function recordsOf(response: Readonly<Record<string, unknown>>, source: Source): readonly ZeebeRecord[] {
  const failedShards = asNumber(asFields(response["_shards"])["failed"]);
  if (response["status"] !== 200 || response["timed_out"] !== false || failedShards !== 0)
    throw new Error(
      `records of ${idOf(source)} could not be read whole: ${JSON.stringify(response["error"] ?? response["_shards"])}`,
    );
  return asFieldsList(asFields(response["hits"])["hits"]).map((hit) => parseRecord(asFields(hit["_source"])));
}
