import type { AuditEntry } from "./audits.ts";
import type { Config } from "./config.ts";
import { asFields } from "./json.ts";

const requestLimitMs = 30_000;
/** Index of the graph's mixed index `global`, under the prefix `thehive` that JanusGraph is configured with. */
const indexName = "thehive_global";
/** Source: docs.strangebee.com, "Audit log storage": the name is that of the index with `-audits`. */
const auditIndex = "thehive-audits";
const auditMapping = {
  properties: {
    requestId: { type: "keyword" },
    action: { type: "keyword" },
    path: { type: "keyword" },
    details: { type: "text" },
    _createdAt: { type: "date" },
  },
};

/** Elasticsearch seen from the application: whether it answers, and what it says about its index. */
export class IndexBackend {
  readonly #config: Config;

  constructor(config: Config) {
    this.#config = config;
  }

  /** Status of the cluster; text that begins with `status` where it answers with an error. */
  async health(): Promise<string> {
    const { status, json } = await this.#call("GET", "/_cluster/health");
    const health = asFields(json)?.["status"];
    return status === 200 ? String(health) : `status ${status}`;
  }

  /** Documents with this label. An error of the index counts as 0, as TheHive's own status does. */
  async count(label: string): Promise<number> {
    const { json } = await this.#call("POST", `/${indexName}/_count`, { query: { term: { _label: label } } });
    return Number(asFields(json)?.["count"] ?? 0);
  }

  /** Whether the index is there and its labels are keywords, as JanusGraph declares them. */
  async status(): Promise<"OK" | "MISSING" | "WRONG_MAPPING"> {
    const { status, json } = await this.#call("GET", `/${indexName}/_mapping`);
    if (status !== 200) return "MISSING";
    const path = [indexName, "mappings", "properties", "_label", "type"];
    const type = path.reduce<unknown>((value, key) => asFields(value)?.[key], json);
    return type === "keyword" ? "OK" : "WRONG_MAPPING";
  }

  async remove(): Promise<void> {
    const { status } = await this.#call("DELETE", `/${indexName}`);
    if (status !== 200 && status !== 404)
      throw new Error(`index ${indexName} could not be removed: status ${status}`);
  }

  /** Makes the index of audit entries where it is absent; one that is there stays as it is. */
  async prepareAudits(): Promise<void> {
    const { status } = await this.#call("HEAD", `/${auditIndex}`);
    if (status === 200) return;
    const made = await this.#call("PUT", `/${auditIndex}`, { mappings: auditMapping });
    if (made.status !== 200) throw new Error(`index ${auditIndex} could not be made: status ${made.status}`);
  }

  async addAudit(entry: AuditEntry): Promise<void> {
    const { status } = await this.#call("POST", `/${auditIndex}/_doc`, entry);
    if (status !== 201) throw new Error(`an audit entry was not kept: status ${status}`);
  }

  async #call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly json: unknown }> {
    const { indexUrl, indexCredentials } = this.#config;
    const basic =
      indexCredentials === undefined
        ? undefined
        : Buffer.from(`${indexCredentials.user}:${indexCredentials.password}`).toString("base64");
    const response = await fetch(`${indexUrl}${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        ...(basic === undefined ? {} : { authorization: `Basic ${basic}` }),
      },
      signal: AbortSignal.timeout(requestLimitMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: text === "" ? undefined : JSON.parse(text) };
  }
}
