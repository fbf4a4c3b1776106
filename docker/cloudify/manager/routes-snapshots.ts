import { existsSync } from "node:fs";
import { basename } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Context } from "./context.ts";
import { ApiError, badParameters, conflict, messageOf, notFound } from "./errors.ts";
import { presentExecution } from "./execution-row.ts";
import type { Executions } from "./executions.ts";
import { apiPrefix, callerOf, jsonBody, looseBoolean, parametersOf, queryOf, saveBody } from "./http.ts";
import { ensureMay, type Caller } from "./identity.ts";
import { ensureLegalId, getResource, listResources } from "./listing.ts";
import { snapshots } from "./resources.ts";
import { sendFile } from "./send-file.ts";

const fetchLimitMs = 120_000;

export function snapshotRoutes(app: FastifyInstance, context: Context, executions: Executions): void {
  const { database, files } = context;

  app.get(`${apiPrefix}/snapshots`, async (request) => {
    return await listResources(database, snapshots, { caller: callerOf(request), query: queryOf(request) });
  });

  app.get(`${apiPrefix}/snapshots/:id`, async (request) => {
    const { id = "" } = parametersOf(request);
    return snapshots.present(await getResource(database, snapshots, callerOf(request), id));
  });

  app.get(`${apiPrefix}/snapshot-status`, () => ({ status: files.isRestoring ? "running" : "not-running" }));

  app.put(
    `${apiPrefix}/snapshots/:id`,
    async (request, reply) => await create(context, executions, request, reply),
  );

  app.put(`${apiPrefix}/snapshots/:id/archive`, async (request, reply) => {
    const { id = "" } = parametersOf(request);
    return await upload(context, request, reply, id);
  });

  app.get(`${apiPrefix}/snapshots/:id/archive`, async (request, reply) => {
    const { id = "" } = parametersOf(request);
    const row = await getResource(database, snapshots, callerOf(request), id);
    if (row["status"] === "failed") throw snapshotAction("Failed snapshot cannot be downloaded");
    if (!existsSync(files.snapshot(id))) throw notFound("Snapshot archive", id);
    return await sendFile(reply, files.snapshot(id), `${id}.zip`);
  });

  app.post(
    `${apiPrefix}/snapshots/:id/restore`,
    async (request) => await restore(context, executions, request),
  );

  app.delete(`${apiPrefix}/snapshots/:id`, async (request) => {
    const caller = callerOf(request);
    ensureMay(caller, "administer");
    const { id = "" } = parametersOf(request);
    const row = await getResource(database, snapshots, caller, id);
    await database.rows("DELETE FROM snapshots WHERE id = $1", [id]);
    await files.remove(files.resource("snapshots", id));
    return snapshots.present(row);
  });
}

function snapshotAction(message: string): ApiError {
  return new ApiError(400, "snapshot_action_error", message);
}

/** `include_credentials` when it is not said: the published pages say false, the software true. */
async function create(
  context: Context,
  executions: Executions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { config, database } = context;
  const caller = callerOf(request);
  ensureMay(caller, "administer");
  const { id = "" } = parametersOf(request);
  const isCode = config.conformance === "code";
  const source = queryOf(request)["snapshot_archive_url"];
  // The published upload call names no snapshot; the software has no such route and takes it for a creation.
  if (!isCode && id === "archive" && source !== undefined)
    return await upload(context, request, reply, basename(new URL(source).pathname).replace(/\.zip$/, ""));
  if (isCode && request.headers["content-type"]?.startsWith("application/json") !== true)
    throw new ApiError(415, "unsupported_content_type_error", "Content type must be application/json");
  const parameters = z
    .looseObject({
      include_credentials: looseBoolean.default(isCode),
      include_logs: looseBoolean.default(true),
      include_events: looseBoolean.default(true),
      queue: looseBoolean.default(false),
    })
    .parse(await jsonBody(request));
  ensureLegalId(id);
  await insertSnapshot(context, caller, id, "creating");
  try {
    const row = await executions.start({
      tenantId: caller.tenantId,
      userId: caller.userId,
      workflowId: "create_snapshot",
      isSystem: true,
      queue: parameters.queue,
      parameters: {
        snapshot_id: id,
        include_credentials: parameters.include_credentials,
        include_logs: parameters.include_logs,
        include_events: parameters.include_events,
      },
    });
    return await reply.status(201).send(presentExecution(row));
  } catch (thrown) {
    await database.rows("DELETE FROM snapshots WHERE id = $1", [id]);
    throw thrown;
  }
}

/** @throws ApiError 409 */
async function insertSnapshot(
  { database, clock }: Context,
  caller: Caller,
  id: string,
  status: string,
): Promise<void> {
  const inserted = await database.row(
    `INSERT INTO snapshots (id, visibility, created_at, status, _tenant_id, _creator_id) VALUES ($1, 'private', $2, $3, $4, $5)
     ON CONFLICT (id) DO NOTHING RETURNING id`,
    [id, clock.stamp(), status, caller.tenantId, caller.userId],
  );
  if (inserted === undefined)
    throw conflict(`Snapshot with id=${id} already exists on tenant ${caller.tenantName}`);
}

async function upload(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
): Promise<FastifyReply> {
  const { database, files } = context;
  const caller = callerOf(request);
  ensureMay(caller, "administer");
  ensureLegalId(id);
  await insertSnapshot(context, caller, id, "uploading");
  try {
    const source = queryOf(request)["snapshot_archive_url"];
    const bytes =
      source === undefined
        ? await saveBody(request, files.snapshot(id))
        : await fetchArchive(context, source, files.snapshot(id));
    if (bytes === 0) throw badParameters("Missing snapshot archive in the request body");
    await database.rows("UPDATE snapshots SET status = 'uploaded' WHERE id = $1", [id]);
  } catch (thrown) {
    await database.rows("DELETE FROM snapshots WHERE id = $1", [id]);
    await files.remove(files.resource("snapshots", id));
    throw thrown;
  }
  const row = await getResource(database, snapshots, caller, id);
  return await reply.status(201).send(snapshots.present(row));
}

async function fetchArchive({ files }: Context, source: string, path: string): Promise<number> {
  const answer = await fetch(source, { signal: AbortSignal.timeout(fetchLimitMs) }).catch(
    (thrown: unknown) => {
      throw new ApiError(
        400,
        "param_url_not_found_error",
        `Failed fetching data from ${source}: ${messageOf(thrown)}`,
      );
    },
  );
  if (!answer.ok)
    throw new ApiError(
      400,
      "param_url_not_found_error",
      `URL ${source} not found - can't download archive (${answer.status})`,
    );
  const content = Buffer.from(await answer.arrayBuffer());
  await files.write(path, content);
  return content.length;
}

/** Returns at once; every refusal that looks into the archive comes later, in the execution. */
async function restore(context: Context, executions: Executions, request: FastifyRequest): Promise<object> {
  const { config, database } = context;
  const caller = callerOf(request);
  ensureMay(caller, "administer");
  const { id = "" } = parametersOf(request);
  const wanted = z
    .looseObject({
      force: looseBoolean.optional(),
      restore_certificates: looseBoolean.default(false),
      no_reboot: looseBoolean.default(false),
      timeout: z.coerce.number().default(300),
    })
    .parse(await jsonBody(request));
  if (wanted.force === undefined && config.conformance === "code") throw new Error("'force'");
  const row = await getResource(database, snapshots, caller, id);
  if (row["status"] === "failed") throw snapshotAction("Failed snapshot cannot be restored");
  if (wanted.no_reboot && !wanted.restore_certificates)
    throw badParameters("`no_reboot` is only relevant when `restore_certificates` is activated");
  return presentExecution(
    await executions.start({
      tenantId: caller.tenantId,
      userId: caller.userId,
      workflowId: "restore_snapshot",
      isSystem: true,
      parameters: {
        snapshot_id: id,
        force: wanted.force ?? false,
        restore_certificates: wanted.restore_certificates,
        no_reboot: wanted.no_reboot,
        timeout: wanted.timeout,
      },
    }),
  );
}
