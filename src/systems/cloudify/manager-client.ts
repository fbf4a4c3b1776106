import { z } from "zod";
import { OperationRefused } from "../../core/system.ts";

/** Calls of the manager's REST API v3.1. Every call has a limit. */

export type Address = () => Promise<{ readonly host: string; readonly port: number }>;

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface Call {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/api/v3.1`, unless it is a call that only the stand-in knows. */
  readonly path: string;
  readonly isOfStandIn?: boolean;
  readonly tenant?: string;
  readonly as?: Credentials;
  readonly body?: unknown;
  readonly limitMs?: number;
}

export interface Answer {
  readonly status: number;
  readonly bytes: Buffer;
}

const prefix = "/api/v3.1";
const defaultLimitMs = 15_000;
const messageLimit = 300;
const pageItems = 1000;
export const defaultTenant = "default_tenant";

const pageSchema = z.object({
  items: z.array(z.record(z.string(), z.unknown())),
  metadata: z.object({ pagination: z.object({ total: z.int() }) }),
});
export type Item = Readonly<Record<string, unknown>>;

export class ManagerClient {
  readonly #address: Address;
  readonly #admin: Credentials;

  constructor(address: Address, admin: Credentials) {
    this.#address = address;
    this.#admin = admin;
  }

  /** Any answer at all. @throws where nothing answered within the limit. */
  async ask({
    method = "GET",
    path,
    isOfStandIn = false,
    tenant = defaultTenant,
    as = this.#admin,
    body,
    limitMs,
  }: Call): Promise<Answer> {
    const { host, port } = await this.#address();
    const isBinary = body instanceof Uint8Array;
    const response = await fetch(`http://${host}:${port}${isOfStandIn ? "" : prefix}${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${as.username}:${as.password}`).toString("base64")}`,
        tenant,
        // As the vendor's client sends it, also with a body that is no JSON.
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { body: isBinary ? new Uint8Array(body) : JSON.stringify(body) }),
      signal: AbortSignal.timeout(limitMs ?? defaultLimitMs),
    });
    return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
  }

  /**
   * A call that must succeed.
   * @throws OperationRefused where the manager said no (4xx), Error where the outcome is open
   */
  async call(call: Call): Promise<unknown> {
    const answer = await this.ask(call);
    const text = answer.bytes.toString("utf8");
    if (answer.status < 300) return text === "" ? undefined : JSON.parse(text);
    const what = `${call.method ?? "GET"} ${call.path} answered ${answer.status}: ${text.slice(0, messageLimit)}`;
    if (answer.status < 500) throw new OperationRefused(what);
    throw new Error(what);
  }

  async get(path: string, tenant?: string): Promise<Item> {
    const answer = await this.call({ path, ...(tenant === undefined ? {} : { tenant }) });
    return z.record(z.string(), z.unknown()).parse(answer);
  }

  /** Every item of a list, page by page. */
  async *list(path: string, query: Readonly<Record<string, string>> = {}): AsyncIterable<Item> {
    for (let offset = 0; ; offset += pageItems) {
      const words = new URLSearchParams({ ...query, _size: String(pageItems), _offset: String(offset) });
      const page = pageSchema.parse(await this.call({ path: `${path}?${words.toString()}` }));
      yield* page.items;
      if (offset + page.items.length >= page.metadata.pagination.total || page.items.length === 0) return;
    }
  }

  /** Every item of every tenant; the vendor's client writes its booleans like this. */
  listEverywhere(path: string, query: Readonly<Record<string, string>> = {}): AsyncIterable<Item> {
    return this.list(path, { ...query, _all_tenants: "True" });
  }
}
