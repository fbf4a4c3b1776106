import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { z } from "zod";
import type { Context } from "./context.ts";
import { ApiError, badParameters, messageOf } from "./errors.ts";
import { authenticate, enterTenant, type Caller } from "./identity.ts";
import { ensureAllowed, type Maintenance } from "./maintenance.ts";

export const apiPrefix = "/api/v3.1";

/** Paths below the prefix that answer whoever asks. */
const open = ["snapshot-status", "status"];
const quiet = ["/stand-in/health"];
const mostJsonBytes = 8 * 1024 * 1024;

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | undefined;
  }
}

/** The web server with what is common to all calls: stand-in header, authentication, tenant, maintenance, errors. */
export function createServer(context: Context, maintenance: Maintenance): FastifyInstance {
  const app = fastify({ forceCloseConnections: true, routerOptions: { ignoreTrailingSlash: true } });
  // The client sends everything as JSON, archives too: a body stays a stream until a route says what it is.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
  app.decorateRequest("caller", undefined);
  app.addHook("onRequest", async (request, reply) => {
    void reply.header("x-muster-stand-in", "cloudify-manager");
    await admit(context, maintenance, request);
  });
  app.addHook("onResponse", async (request, reply) => {
    const path = pathOf(request);
    if (!quiet.includes(path))
      console.log(
        `${context.clock.stamp()} REST ${request.method} ${request.url} ${reply.statusCode} ${request.caller?.username ?? "-"}`,
      );
    await Promise.resolve();
  });
  app.setErrorHandler((thrown: unknown, _request, reply) => sendError(reply, thrown));
  app.setNotFoundHandler((request, reply) =>
    sendError(
      reply,
      new ApiError(404, "not_found_error", `${request.method} ${pathOf(request)} does not exist here`),
    ),
  );
  return app;
}

function pathOf(request: FastifyRequest): string {
  return request.url.split("?")[0] ?? "";
}

async function admit(context: Context, maintenance: Maintenance, request: FastifyRequest): Promise<void> {
  const path = pathOf(request);
  if (path === "/stand-in/health") return;
  const isApi = path.startsWith(`${apiPrefix}/`);
  const resource = isApi ? path.slice(apiPrefix.length + 1) : "";
  if (isApi) {
    const status = await maintenance.refresh();
    if (request.headers["x-bypass-maintenance"] === undefined)
      ensureAllowed(status, request.method, resource);
  }
  if (open.includes(resource) && request.headers.authorization === undefined) return;
  if (resource === "snapshot-status") return;
  const token = request.headers["authentication-token"];
  const user = await authenticate(context.database, context.security, {
    authorization: request.headers.authorization,
    token: typeof token === "string" ? token : undefined,
  });
  const tenant = request.headers["tenant"];
  request.caller = await enterTenant(
    context.database,
    user,
    typeof tenant === "string" ? tenant : user.is_admin ? "default_tenant" : "",
  );
}

function sendError(reply: FastifyReply, thrown: unknown): FastifyReply {
  if (thrown instanceof ApiError)
    return reply
      .status(thrown.status)
      .send({ message: thrown.message, error_code: thrown.code, server_traceback: null });
  if (thrown instanceof z.ZodError) {
    const [issue] = thrown.issues;
    return sendError(reply, badParameters(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is wrong"}`));
  }
  const status = (thrown as { statusCode?: number }).statusCode ?? 500;
  const message = messageOf(thrown);
  if (status >= 500)
    console.error(`request failed: ${thrown instanceof Error ? (thrown.stack ?? message) : message}`);
  return reply.status(status).send({
    message,
    error_code: status >= 500 ? "internal_server_error" : "bad_parameters_error",
    server_traceback: null,
  });
}

/** @throws Error where a route that must know its caller was left open */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === undefined)
    throw new ApiError(401, "unauthorized_error", "User unauthorized: No authentication info provided");
  return request.caller;
}

/** The body as JSON; an absent or empty one is `{}`. @throws ApiError 400, 413 */
export async function jsonBody(request: FastifyRequest): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of bodyOf(request)) {
    bytes += chunk.length;
    if (bytes > mostJsonBytes) throw new ApiError(413, "bad_parameters_error", "the body is too large");
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw badParameters("the request body is not JSON");
  }
}

/** Writes the body to a file. @returns its size */
export async function saveBody(request: FastifyRequest, path: string): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  let bytes = 0;
  await pipeline(
    bodyOf(request),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(path),
  );
  return bytes;
}

/** The body as it comes; nothing where there is none. */
export async function* bodyOf(request: FastifyRequest): AsyncGenerator<Buffer> {
  const body = request.body as IncomingMessage | string | null | undefined;
  if (body === null || body === undefined || typeof body === "string") return;
  for await (const chunk of body) yield chunk as Buffer;
}

export function parametersOf(request: FastifyRequest): Readonly<Record<string, string>> {
  return request.params as Record<string, string>;
}

/** The query; of a repeated name the last value. */
export function queryOf(request: FastifyRequest): Readonly<Record<string, string>> {
  const query = request.query as Record<string, string | string[]>;
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, Array.isArray(value) ? (value.at(-1) ?? "") : value]),
  );
}

/** Python's clients write `True`, `true` or `1`, also inside JSON. */
export const looseBoolean = z.union([z.boolean(), z.string(), z.number()]).transform((value) => {
  return value === true || value === 1 || ["true", "1", "yes"].includes(String(value).toLowerCase());
});
