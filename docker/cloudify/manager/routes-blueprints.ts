import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isZip, packZip, unpack } from "./archive.ts";
import { readPlan, type Plan } from "./blueprint.ts";
import { saveBlueprint } from "./blueprint-body.ts";
import type { Context } from "./context.ts";
import { ApiError, conflict, notFound } from "./errors.ts";
import { apiPrefix, callerOf, parametersOf, queryOf } from "./http.ts";
import { ensureMay, type Caller } from "./identity.ts";
import { ensureLegalId, getResource, listResources } from "./listing.ts";
import { blueprints } from "./resources.ts";
import { sendFile } from "./send-file.ts";

const defaultMainFile = "blueprint.yaml";

export function blueprintRoutes(app: FastifyInstance, context: Context): void {
  const { database, files } = context;

  app.get(`${apiPrefix}/blueprints`, async (request) => {
    return await listResources(database, blueprints, { caller: callerOf(request), query: queryOf(request) });
  });

  app.get(`${apiPrefix}/blueprints/:id`, async (request) => {
    const { id = "" } = parametersOf(request);
    return blueprints.present(await getResource(database, blueprints, callerOf(request), id));
  });

  const upload = async (request: FastifyRequest, reply: FastifyReply) => {
    const { id = "" } = parametersOf(request);
    await uploadBlueprint(context, request, id);
    const row = await getResource(database, blueprints, callerOf(request), id);
    return await reply.status(201).send(blueprints.present(row));
  };
  app.put(`${apiPrefix}/blueprints/:id`, upload);
  app.put(`${apiPrefix}/blueprints/:id/archive`, upload);

  app.get(`${apiPrefix}/blueprints/:id/archive`, async (request, reply) => {
    const { id = "" } = parametersOf(request);
    const row = await getResource(database, blueprints, callerOf(request), id);
    const path = files.uploadedBlueprint(String(row["tenant_name"]), id);
    if (!existsSync(path)) throw notFound("Blueprint archive", id);
    return await sendFile(reply, path, `${id}.zip`);
  });

  app.delete(`${apiPrefix}/blueprints/:id`, async (request, reply) => {
    const caller = callerOf(request);
    ensureMay(caller, "write");
    const { id = "" } = parametersOf(request);
    const row = await getResource(database, blueprints, caller, id);
    if (Number(row["deployments"]) > 0)
      throw new ApiError(
        400,
        "dependent_exists_error",
        `Can't delete blueprint ${id} - There exist deployments for this blueprint`,
      );
    await database.rows("DELETE FROM blueprints WHERE _storage_id = $1", [row["_storage_id"]]);
    await files.remove(files.blueprint(caller.tenantName, id));
    await files.remove(files.resource("uploaded-blueprints", caller.tenantName, id));
    return await reply.status(200).send(blueprints.present(row));
  });
}

/** Saved, unpacked and read before a row says that it is there. */
async function uploadBlueprint(context: Context, request: FastifyRequest, id: string): Promise<void> {
  const { database, files } = context;
  const caller = callerOf(request);
  ensureMay(caller, "write");
  ensureLegalId(id);
  const present = await database.row("SELECT id FROM blueprints WHERE id = $1 AND _tenant_id = $2", [
    id,
    caller.tenantId,
  ]);
  if (present !== undefined)
    throw conflict(
      `blueprint with id=${id} already exists on tenant ${caller.tenantName} or with global visibility`,
    );
  const uploaded = files.resource("uploaded-blueprints", caller.tenantName, id, ".upload");
  const folder = files.blueprint(caller.tenantName, id);
  try {
    await mkdir(dirname(uploaded), { recursive: true });
    const wanted = await saveBlueprint(request, uploaded);
    await unpack(uploaded, folder);
    await lift(folder);
    const mainFile = wanted.application_file_name ?? defaultMainFile;
    const plan = await readPlan(folder, mainFile);
    await packOrKeep(uploaded, folder, files.uploadedBlueprint(caller.tenantName, id));
    await insertBlueprint(context, caller, { id, mainFile, plan, visibility: wanted.visibility ?? "tenant" });
  } catch (thrown) {
    await files.remove(folder);
    await files.remove(files.resource("uploaded-blueprints", caller.tenantName, id));
    throw thrown;
  }
}

interface NewBlueprint {
  readonly id: string;
  readonly mainFile: string;
  readonly plan: Plan;
  readonly visibility: string;
}

/** With the execution `upload_blueprint` that newer clients look for; here it has ended before it is seen. */
async function insertBlueprint(
  { database, clock }: Context,
  caller: Caller,
  { id, mainFile, plan, visibility }: NewBlueprint,
): Promise<void> {
  const executionId = randomUUID();
  const now = clock.stamp();
  await database.transaction(async (sql) => {
    await sql.rows(
      `INSERT INTO executions (id, visibility, created_at, started_at, ended_at, workflow_id, status, parameters, is_system_workflow, blueprint_id, _tenant_id, _creator_id)
       VALUES ($1, 'tenant', $2, $2, $2, 'upload_blueprint', 'terminated', $3, true, $4, $5, $6)`,
      [executionId, now, JSON.stringify({ blueprint_id: id }), id, caller.tenantId, caller.userId],
    );
    await sql.rows(
      `INSERT INTO blueprints (id, visibility, created_at, updated_at, main_file_name, plan, description, state, upload_execution_id, _tenant_id, _creator_id)
       VALUES ($1, $2, $3, $3, $4, $5, $6, 'uploaded', $7, $8, $9)`,
      [
        ...[id, visibility, now, mainFile, JSON.stringify(plan)],
        ...[plan.description, executionId, caller.tenantId, caller.userId],
      ],
    );
  });
}

/** An archive holds one folder; what is in it becomes the blueprint. */
async function lift(folder: string): Promise<void> {
  const names = await readdir(folder);
  const [only] = names;
  if (names.length !== 1 || only === undefined || !(await stat(join(folder, only))).isDirectory()) return;
  const inner = join(folder, only);
  const parent = `${folder}.lift`;
  await rename(inner, parent);
  await rm(folder, { recursive: true });
  await rename(parent, folder);
}

/** The file server keeps zips; what came as one is kept as it came. */
async function packOrKeep(uploaded: string, folder: string, target: string): Promise<void> {
  if (await isZip(uploaded)) return await rename(uploaded, target);
  await packZip(folder, target);
  await rm(uploaded);
}
