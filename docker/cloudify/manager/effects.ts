import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * The world outside: what workflows did, one line each, in a file that no snapshot covers. A process of its own, so that it
 * stays when a manager goes. `POST /effects` appends, `GET /effects?after=<n>&wait_ms=<ms>` reads.
 */

const path = process.env["EFFECTS_FILE"] ?? "/var/lib/effects/effects.jsonl";
const port = Number(process.env["EFFECTS_PORT"] ?? 8080);
const longestWaitMs = 30_000;
const pollMs = 50;

type Effect = Readonly<Record<string, unknown>>;

const items: Effect[] = existsSync(path)
  ? readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Effect)
  : [];

async function readBody(request: IncomingMessage): Promise<Effect> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString("utf8")) as Effect;
}

/** On disk before it is acknowledged. */
function append(effect: Effect): Effect {
  const attempt = 1 + items.filter(({ execution_id: id }) => id === effect["execution_id"]).length;
  const item = { n: items.length + 1, ...effect, attempt, received_at: new Date().toISOString() };
  appendFileSync(path, `${JSON.stringify(item)}\n`, { flush: true });
  items.push(item);
  return item;
}

async function answer(request: IncomingMessage): Promise<[number, unknown]> {
  const url = new URL(request.url ?? "/", "http://effects");
  if (url.pathname !== "/effects") return [404, { message: `${url.pathname} does not exist here` }];
  if (request.method === "POST") return [201, append(await readBody(request))];
  const after = Number(url.searchParams.get("after") ?? 0);
  const waitMs = Math.min(Number(url.searchParams.get("wait_ms") ?? 0), longestWaitMs);
  for (let waited = 0; items.length <= after && waited < waitMs; waited += pollMs) await sleep(pollMs);
  return [200, { items: items.slice(after) }];
}

const server = createServer((request, response) => {
  void answer(request)
    .catch((thrown: unknown): [number, unknown] => [500, { message: String(thrown) }])
    .then(([status, body]) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    });
});
server.listen(port, "0.0.0.0", () => console.log(`effects: ${items.length} so far, on port ${port}`));
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => process.exit(0));
