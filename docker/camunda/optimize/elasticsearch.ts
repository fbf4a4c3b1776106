import { asFields, asText, parseJson, type Fields } from "./json.ts";

const requestLimitMs = 30_000;

/** No answer at all: Optimize answers its caller 502 to that. */
export class UnreachableError extends Error {}

export interface Reply {
  readonly status: number;
  readonly json: Fields;
}

interface Call {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  /** An object, or a list for end points that take one JSON document a line. */
  readonly body?: Fields | readonly Fields[];
  readonly limitMs?: number;
}

/** Elasticsearch by plain HTTP, without credentials; every answer is read with all digits of its numbers. */
export class Elasticsearch {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** @throws UnreachableError; a refusal is an answer like any other. */
  async ask({ method, path, body, limitMs = requestLimitMs }: Call): Promise<Reply> {
    const isLines = Array.isArray(body);
    const content = isLines ? body.map((line) => `${JSON.stringify(line)}\n`).join("") : JSON.stringify(body);
    try {
      const response = await fetch(`${this.#url}${path}`, {
        method,
        headers: { "content-type": isLines ? "application/x-ndjson" : "application/json" },
        signal: AbortSignal.timeout(limitMs),
        ...(body === undefined ? {} : { body: content }),
      });
      return { status: response.status, json: asFields(parseJson(await response.text())) };
    } catch (cause) {
      const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
      const text = reason instanceof Error ? reason.message : String(reason);
      throw new UnreachableError(`${method} ${this.#url}${path} was not answered: ${text}`, { cause });
    }
  }

  /** @throws UnreachableError, or Error with what Elasticsearch said where it refused. */
  async demand(call: Call): Promise<Fields> {
    const { status, json } = await this.ask(call);
    if (status >= 200 && status < 300) return json;
    throw new Error(`${call.method} ${call.path} was refused with ${status}: ${reasonOf(json)}`);
  }
}

/** What Elasticsearch says of a failure, in one line. */
export function reasonOf(json: Fields): string {
  const error = asFields(json["error"]);
  return `${asText(error["type"]) ?? "unknown"}: ${asText(error["reason"]) ?? JSON.stringify(json).slice(0, 300)}`;
}
