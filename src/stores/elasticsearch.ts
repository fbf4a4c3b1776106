import { Client, errors, Serializer } from "@elastic/elasticsearch";
import { z } from "zod";
import { MusterError, messageOf } from "../core/errors.ts";
import { digestOf } from "./digest.ts";
import { parseExactJson } from "./exact-json.ts";

/** Reads indices of an Elasticsearch node. The only place that imports the client. */

const defaultPageDocuments = 1000;
const requestLimitMs = 30_000;
const pointInTimeLife = "2m";

export interface ElasticsearchOptions {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly pageDocuments?: number;
  readonly requestLimitMs?: number;
}

export interface Document {
  readonly id: string;
  readonly source: Readonly<Record<string, unknown>>;
}

const hitSchema = z.object({
  _id: z.string(),
  _source: z.record(z.string(), z.unknown()),
  sort: z.array(z.union([z.string(), z.number()])).optional(),
});
const highestSchema = z.object({
  aggregations: z.object({ highest: z.object({ value: z.number().nullable() }) }).optional(),
});
const mappingsSchema = z.record(z.string(), z.object({ mappings: z.record(z.string(), z.unknown()) }));
const aliasesSchema = z.record(z.string(), z.object({ aliases: z.record(z.string(), z.unknown()) }));

/** Documents may hold 64-bit keys. */
class ExactSerializer extends Serializer {
  /** The caller says what it expects, so whatever was parsed has to pass for it. */
  override deserialize(json: string): never {
    return parseExactJson(json) as never;
  }
}

/** An open client of one node. */
export class ElasticsearchStore implements AsyncDisposable {
  readonly #client: Client;
  readonly #pageDocuments: number;
  readonly #address: string;

  constructor(options: ElasticsearchOptions) {
    this.#address = `${options.host}:${options.port}`;
    this.#pageDocuments = options.pageDocuments ?? defaultPageDocuments;
    this.#client = new Client({
      node: `http://${this.#address}`,
      Serializer: ExactSerializer,
      requestTimeout: options.requestLimitMs ?? requestLimitMs,
      // A time-out says nothing about the documents, so it is repeated; the client throws after the last attempt.
      maxRetries: 2,
      ...(options.password === undefined
        ? {}
        : { auth: { username: options.username ?? "elastic", password: options.password } }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.close();
  }

  /**
   * Streams every document of an index, or those that have the given values, as they were at one point in time; nothing
   * where the index is absent.
   */
  async *documents(
    index: string,
    having: Readonly<Record<string, string | number>> = {},
  ): AsyncIterable<Document> {
    const filter = Object.entries(having).map(([field, value]) => ({ term: { [field]: value } }));
    const opened = await this.#orAbsent("open a point in time", () =>
      this.#client.openPointInTime({ index, keep_alive: pointInTimeLife }),
    );
    if (opened === undefined) return;
    let id = opened.id;
    try {
      let after: (string | number)[] | undefined;
      while (true) {
        const page = await this.#ask("read a page", () =>
          this.#client.search({
            pit: { id, keep_alive: pointInTimeLife },
            size: this.#pageDocuments,
            query: { bool: { filter } },
            sort: [{ _shard_doc: "asc" }],
            track_total_hits: false,
            ...(after === undefined ? {} : { search_after: after }),
          }),
        );
        const failedShards = page._shards.failed;
        if (page.timed_out || failedShards > 0) {
          throw new MusterError("STACK_FAILED", {
            message: `elasticsearch at ${this.#address}: a page of ${index} is incomplete (timed out: ${page.timed_out}, failed shards: ${failedShards})`,
            hint: "a corrupt shard cannot be read: look at the log of the node",
          });
        }
        const hits = page.hits.hits.map((hit) => hitSchema.parse(hit));
        yield* hits.map((hit) => ({ id: hit._id, source: hit._source }));
        after = hits.at(-1)?.sort;
        id = page.pit_id ?? id;
        if (after === undefined) return;
      }
    } finally {
      await this.#client.closePointInTime({ id }).catch(() => undefined); // It expires by itself.
    }
  }

  /** Digest of each index's mapping, by index name. */
  async mappingDigests(pattern: string): Promise<ReadonlyMap<string, string>> {
    const answer = await this.#orAbsent("read mappings", () =>
      this.#client.indices.getMapping({ index: pattern }),
    );
    const mappings = mappingsSchema.parse(answer ?? {});
    return new Map(Object.entries(mappings).map(([index, body]) => [index, digestOf(body.mappings)]));
  }

  /** Alias → names of the indices that it stands for, in order. */
  async aliases(pattern: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const answer = await this.#orAbsent("read aliases", () =>
      this.#client.indices.getAlias({ index: pattern }),
    );
    const found = new Map<string, string[]>();
    for (const [index, body] of Object.entries(aliasesSchema.parse(answer ?? {}))) {
      for (const alias of Object.keys(body.aliases))
        found.set(alias, [...(found.get(alias) ?? []), index].toSorted());
    }
    return found;
  }

  /** Makes what was written visible to searches; the documents themselves do not change. */
  async refresh(index: string): Promise<void> {
    await this.#orAbsent("refresh", () => this.#client.indices.refresh({ index }));
  }

  /** Number of visible documents; zero where the index is absent. */
  async count(index: string): Promise<number> {
    const answer = await this.#orAbsent("count", () => this.#client.count({ index }));
    return answer?.count ?? 0;
  }

  /** Highest value of a number over the documents that have the given values; undefined where there are none. */
  async highest(
    index: string,
    field: string,
    having: Readonly<Record<string, string | number>> = {},
  ): Promise<number | undefined> {
    const filter = Object.entries(having).map(([name, value]) => ({ term: { [name]: value } }));
    const answer = await this.#orAbsent("find the highest value", () =>
      this.#client.search({
        index,
        size: 0,
        query: { bool: { filter } },
        aggs: { highest: { max: { field } } },
      }),
    );
    return highestSchema.parse(answer ?? {}).aggregations?.highest.value ?? undefined;
  }

  /** Writes documents. Tests use it to fill a store; observers never write. */
  async put(index: string, documents: readonly Document[]): Promise<void> {
    const operations = documents.flatMap(({ id, source }) => [{ index: { _index: index, _id: id } }, source]);
    const answer = await this.#ask("write documents", () => this.#client.bulk({ operations, refresh: true }));
    if (answer.errors)
      throw new MusterError("STACK_FAILED", { message: `elasticsearch refused documents of ${index}` });
  }

  async createIndex(index: string): Promise<void> {
    await this.#ask("create an index", () => this.#client.indices.create({ index }));
  }

  /** A 404 is an answer: the index is absent. Anything else that fails is thrown. */
  async #orAbsent<Answer>(what: string, ask: () => Promise<Answer>): Promise<Answer | undefined> {
    return await this.#ask(what, async () => {
      try {
        return await ask();
      } catch (thrown) {
        if (thrown instanceof errors.ResponseError && thrown.statusCode === 404) return undefined;
        throw thrown;
      }
    });
  }

  async #ask<Answer>(what: string, ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask();
    } catch (cause) {
      throw new MusterError("STACK_FAILED", {
        message: `elasticsearch at ${this.#address} could not ${what} (${messageOf(cause)})`,
        hint: "look at the log of the node",
        cause,
      });
    }
  }
}
