import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { UnreachableError } from "./elasticsearch.ts";
import { parseJson, type Fields } from "./json.ts";

const mostBodyBytes = 64 * 1024;
const standInHeader = { "x-muster-stand-in": "camunda-optimize" };

/** A refusal, answered as `{message}`. Nothing has changed. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface Call {
  readonly parameter: string;
  readonly query: URLSearchParams;
  /** The body as JSON. @throws ApiError 400, 413 */
  readonly body: () => Promise<unknown>;
}

export interface Answer {
  readonly status: number;
  readonly json?: Fields | readonly Fields[];
}

export interface Route {
  readonly method: string;
  /** Path; a `*` in it is the parameter. */
  readonly path: string;
  readonly handle: (call: Call) => Promise<Answer>;
}

/** Serves the routes; an Elasticsearch that does not answer is a 502, anything else unexpected a 500. */
export function serve(routes: readonly Route[], port: number): Promise<Server> {
  const compiled = routes.map((route) => ({
    ...route,
    pattern: new RegExp(`^${route.path.replaceAll("*", "([^/]+)")}/?$`),
  }));
  const server = createServer((incoming, outgoing) => {
    void answerOne(compiled, incoming).then((answer) => {
      send(outgoing, answer);
      // Checks of readiness come every second and are no event.
      if (incoming.url !== "/api/readyz") console.log(`${incoming.method} ${incoming.url} ${answer.status}`);
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "0.0.0.0", () => resolve(server));
  });
}

async function answerOne(
  routes: readonly (Route & { readonly pattern: RegExp })[],
  incoming: IncomingMessage,
): Promise<Answer> {
  try {
    const url = new URL(incoming.url ?? "/", "http://optimize");
    const matching = routes.flatMap((route) => {
      const match = route.pattern.exec(url.pathname);
      return match === null ? [] : [{ route, parameter: match[1] ?? "" }];
    });
    const found = matching.find(({ route }) => route.method === incoming.method);
    if (found === undefined)
      throw new ApiError(
        matching.length > 0 ? 405 : 404,
        `${incoming.method} ${url.pathname} does not exist here`,
      );
    const { route, parameter } = found;
    return await route.handle({ parameter, query: url.searchParams, body: () => readBody(incoming) });
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    if (thrown instanceof ApiError) return { status: thrown.status, json: { message } };
    if (thrown instanceof UnreachableError) return { status: 502, json: { message } };
    console.error(`${incoming.method} ${incoming.url} failed: ${message}`);
    return { status: 500, json: { message } };
  }
}

async function readBody(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBodyBytes) throw new ApiError(413, `a body holds at most ${mostBodyBytes} bytes`);
    chunks.push(chunk);
  }
  try {
    return parseJson(Buffer.concat(chunks).toString());
  } catch {
    throw new ApiError(400, "the body is no JSON");
  }
}

function send(outgoing: ServerResponse, { status, json }: Answer): void {
  const type = json === undefined ? {} : { "content-type": "application/json" };
  outgoing.writeHead(status, { ...standInHeader, ...type });
  outgoing.end(json === undefined ? undefined : JSON.stringify(json));
}
