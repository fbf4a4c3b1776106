import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Readable } from "node:stream";

const mostBodyBytes = 256 * 1024 * 1024;

/** A refusal of the application, in TheHive's shape `{type, message}`. Nothing has changed. */
export class ApiError extends Error {
  readonly status: number;
  readonly type: string;

  constructor(status: number, type: string, message: string) {
    super(message);
    this.status = status;
    this.type = type;
  }
}

export interface Call {
  readonly parameters: readonly string[];
  readonly request: Request;
  readonly url: URL;
}

/** What a route answers: JSON, nothing, or bytes of a file. */
export type Answer =
  | { readonly status: number; readonly json?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly status: number; readonly bytes: Readable; readonly headers: Readonly<Record<string, string>> };

export interface Route {
  readonly method: string;
  /** Path with `*` for each parameter. */
  readonly path: string;
  readonly handle: (call: Call) => Promise<Answer>;
}

/** Serves the routes; anything unexpected is a 500 with its message, so that a client cannot take it for success. */
export function serve(routes: readonly Route[], port: number): Promise<Server> {
  const compiled = routes.map((route) => ({
    ...route,
    pattern: new RegExp(`^${route.path.replaceAll("*", "([^/]+)")}/?$`),
  }));
  const server = createServer((incoming, outgoing) => {
    const beganAt = performance.now();
    void answerOne(compiled, incoming, outgoing).finally(() => {
      console.log(
        `${incoming.method} ${incoming.url?.split("?")[0]} ${outgoing.statusCode} ${Math.round(performance.now() - beganAt)}ms`,
      );
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "0.0.0.0", () => resolve(server));
  });
}

async function answerOne(
  routes: readonly (Route & { readonly pattern: RegExp })[],
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const url = new URL(incoming.url ?? "/", "http://thehive");
  try {
    const matching = routes.flatMap((route) => {
      const match = route.method === incoming.method ? route.pattern.exec(url.pathname) : null;
      return match === null ? [] : [{ route, parameters: match.slice(1).map(decoded) }];
    })[0];
    if (matching === undefined)
      throw new ApiError(404, "NotFoundError", `${incoming.method} ${url.pathname} does not exist here`);
    if (Number(incoming.headers["content-length"] ?? 0) > mostBodyBytes)
      throw new ApiError(413, "BadRequest", `A body holds at most ${mostBodyBytes} bytes`);
    send(
      outgoing,
      await matching.route.handle({
        parameters: matching.parameters,
        request: toRequest(incoming, url),
        url,
      }),
    );
  } catch (thrown) {
    if (thrown instanceof ApiError)
      send(outgoing, { status: thrown.status, json: { type: thrown.type, message: thrown.message } });
    else {
      console.error(`${incoming.method} ${url.pathname}`, thrown);
      send(outgoing, {
        status: 500,
        json: { type: "InternalError", message: thrown instanceof Error ? thrown.message : String(thrown) },
      });
    }
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ApiError(400, "BadRequest", "Invalid escape in the path");
  }
}

function toRequest(incoming: IncomingMessage, url: URL): Request {
  const hasBody = incoming.method === "POST" || incoming.method === "PATCH" || incoming.method === "PUT";
  const headers = Object.entries(incoming.headersDistinct).flatMap(([name, values]) =>
    (values ?? []).map((value): [string, string] => [name, value]),
  );
  const init = { method: incoming.method ?? "GET", headers };
  return new Request(url, hasBody ? { ...init, body: Readable.toWeb(incoming), duplex: "half" } : init);
}

function send(outgoing: ServerResponse, answer: Answer): void {
  if ("bytes" in answer) {
    outgoing.writeHead(answer.status, answer.headers);
    answer.bytes.on("error", () => outgoing.destroy()).pipe(outgoing);
    outgoing.on("close", () => answer.bytes.destroy());
    return;
  }
  const body = answer.json === undefined ? "" : JSON.stringify(answer.json);
  outgoing.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
  outgoing.end(body);
}
