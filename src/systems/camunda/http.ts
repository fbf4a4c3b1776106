import { parseExactJson } from "../../stores/exact-json.ts";

/** Calls of one server of the stack. Every call has a limit; what came back is parsed without rounding keys. */

export type Address = () => Promise<{ readonly host: string; readonly port: number }>;

export interface Call {
  readonly method?: "GET" | "POST" | "PUT";
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly limitMs?: number;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

const defaultLimitMs = 10_000;
const messageLimit = 300;

/** The server answered, with something else than was hoped for. */
export class UnexpectedAnswer extends Error {
  override readonly name = "UnexpectedAnswer";
  readonly status: number;

  constructor(what: string, { status, body }: Answer) {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    super(`${what} answered ${status}: ${text.slice(0, messageLimit)}`);
    this.status = status;
  }
}

/** @throws where nothing answered within the limit; any status that did come is returned. */
export async function callServer(address: Address, call: Call): Promise<Answer> {
  const { host, port } = await address();
  const response = await fetch(`http://${host}:${port}${call.path}`, {
    method: call.method ?? (call.body === undefined ? "GET" : "POST"),
    ...bodyOf(call),
    signal: AbortSignal.timeout(call.limitMs ?? defaultLimitMs),
    redirect: "manual",
  });
  const text = await response.text();
  return { status: response.status, body: parseBody(text), headers: response.headers };
}

/** Forms bring their own content type. */
function bodyOf({ body, headers }: Call): Pick<RequestInit, "body" | "headers"> {
  if (body instanceof FormData || body instanceof URLSearchParams) return { body, headers: { ...headers } };
  const json = { "content-type": "application/json", ...headers };
  return body === undefined ? { headers: json } : { body: JSON.stringify(body), headers: json };
}

function parseBody(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return text; // Error pages are no JSON, and worth showing as they are.
  }
}

/** A key as text, whether the product wrote it as a number or as a text. */
export function keyText(value: unknown): string {
  return typeof value === "number" || typeof value === "string" ? String(value) : "";
}
