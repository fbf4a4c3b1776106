import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Plan } from "./blueprint.ts";
import type { Context } from "./context.ts";
import type { Sql } from "./database.ts";
import { ApiError, conflict } from "./errors.ts";
import type { Executions } from "./executions.ts";
import { apiPrefix, callerOf, jsonBody, looseBoolean, parametersOf, queryOf } from "./http.ts";
import { ensureMay, type Caller } from "./identity.ts";
import { ensureLegalId, getResource, listResources } from "./listing.ts";
import { agents, blueprints, deployments, nodeInstances, nodes } from "./resources.ts";

const createSchema = z.looseObject({
  blueprint_id: z.string(),
  inputs: z.record(z.string(), z.unknown()).nullish(),
  visibility: z.string().nullish(),
  display_name: z.string().nullish(),
});

const deleteSchema = z.looseObject({
  force: looseBoolean.default(false),
  delete_db_mode: looseBoolean.optional(),
});

export function deploymentRoutes(app: FastifyInstance, context: Context, executions: Executions): void {
  const { database } = context;

  for (const [path, resource] of [
    ["deployments", deployments],
    ["nodes", nodes],
    ["node-instances", nodeInstances],
    ["agents", agents],
  ] as const) {
    app.get(`${apiPrefix}/${path}`, async (request) => {
      return await listResources(database, resource, { caller: callerOf(request), query: queryOf(request) });
    });
    app.get(`${apiPrefix}/${path}/:id`, async (request) => {
      const { id = "" } = parametersOf(request);
      return resource.present(await getResource(database, resource, callerOf(request), id));
    });
  }

  app.get(`${apiPrefix}/deployments/:id/outputs`, async (request) => {
    const { id = "" } = parametersOf(request);
    const row = await getResource(database, deployments, callerOf(request), id);
    const outputs = row["outputs"] as Record<string, { value: unknown }>;
    const inputs = row["inputs"] as Record<string, unknown>;
    const values = Object.entries(outputs).map(([name, { value }]) => [name, evaluate(value, inputs)]);
    return { deployment_id: id, outputs: Object.fromEntries(values) as Record<string, unknown> };
  });

  app.put(`${apiPrefix}/deployments/:id`, async (request, reply) => {
    const caller = callerOf(request);
    ensureMay(caller, "write");
    const { id = "" } = parametersOf(request);
    ensureLegalId(id);
    const wanted = createSchema.parse(await jsonBody(request));
    const made = await createDeployment(context, caller, id, wanted);
    await executions.start({
      tenantId: caller.tenantId,
      userId: caller.userId,
      workflowId: "create_deployment_environment",
      deployment: made,
      isSystem: true,
      queue: true,
      parameters: { deployment_id: id },
    });
    const row = await getResource(database, deployments, caller, id);
    return await reply.status(201).send(deployments.present(row));
  });

  app.delete(
    `${apiPrefix}/deployments/:id`,
    async (request, reply) => await remove(context, executions, request, reply),
  );
}

/** Refused while an instance lives, unless it is forced. @throws ApiError 400 `dependent_exists_error` */
async function remove(
  { database }: Context,
  executions: Executions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const caller = callerOf(request);
  ensureMay(caller, "write");
  const { id = "" } = parametersOf(request);
  const { force } = deleteSchema.parse({ ...((await jsonBody(request)) as object), ...queryOf(request) });
  const row = await getResource(database, deployments, caller, id);
  const living = await database.row(
    `SELECT i.id FROM node_instances i JOIN nodes n ON n._storage_id = i._node_fk
     WHERE n._deployment_fk = $1 AND i.state NOT IN ('uninitialized', 'deleted') LIMIT 1`,
    [row["_storage_id"]],
  );
  if (living !== undefined && !force)
    throw new ApiError(
      400,
      "dependent_exists_error",
      `Can't delete deployment ${id} - There are live nodes for this deployment, such as ${String(living["id"])}`,
    );
  await executions.start({
    tenantId: caller.tenantId,
    userId: caller.userId,
    workflowId: "delete_deployment_environment",
    isSystem: true,
    parameters: { deployment_id: id, storage_id: row["_storage_id"] },
  });
  return await reply.status(204).send();
}

async function createDeployment(
  { database, clock }: Context,
  caller: Caller,
  id: string,
  wanted: z.infer<typeof createSchema>,
): Promise<{ storageId: number; blueprintId: string }> {
  const blueprint = await getResource(database, blueprints, caller, wanted.blueprint_id);
  const plan = blueprint["plan"] as Plan;
  const inputs = resolveInputs(plan, wanted.inputs ?? {});
  return await database.transaction(async (sql) => {
    const deployment = await sql.row<{ _storage_id: number }>(
      `INSERT INTO deployments (id, visibility, created_at, updated_at, description, display_name, inputs, outputs, capabilities, groups, workflows, _blueprint_fk, _tenant_id, _creator_id)
       VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (id, _tenant_id) DO NOTHING RETURNING _storage_id`,
      [
        ...[id, wanted.visibility ?? "tenant", clock.stamp(), plan.description, wanted.display_name ?? id],
        ...[inputs, plan.outputs, plan.capabilities, plan.groups, plan.workflows].map((part) =>
          JSON.stringify(part),
        ),
        ...[blueprint["_storage_id"], caller.tenantId, caller.userId],
      ],
    );
    if (deployment === undefined)
      throw conflict(
        `deployment with id=${id} already exists on tenant ${caller.tenantName} or with global visibility`,
      );
    await insertNodes(sql, { plan, deployment: deployment._storage_id, caller, now: clock.stamp() });
    return { storageId: deployment._storage_id, blueprintId: wanted.blueprint_id };
  });
}

/** @throws ApiError 400 for an input that is missing or that nothing asks for */
function resolveInputs(plan: Plan, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const unknown = Object.keys(given).filter((name) => plan.inputs[name] === undefined);
  if (unknown.length > 0)
    throw new ApiError(
      400,
      "unknown_deployment_input_error",
      `Unknown input(s) were specified: ${unknown.join(", ")}`,
    );
  const missing = Object.entries(plan.inputs).filter(
    ([name, input]) => !("default" in input) && given[name] === undefined,
  );
  if (missing.length > 0)
    throw new ApiError(
      400,
      "missing_required_deployment_input_error",
      `Required input(s) were not specified: ${missing.map(([name]) => name).join(", ")}`,
    );
  const defaults = Object.entries(plan.inputs).map(([name, input]) => [name, input.default]);
  return { ...(Object.fromEntries(defaults) as Record<string, unknown>), ...given };
}

interface NodesToInsert {
  readonly plan: Plan;
  readonly deployment: number;
  readonly caller: Caller;
  readonly now: string;
}

/** A node whose type ends in `Compute` and that asks for an agent gets one. */
async function insertNodes(sql: Sql, { plan, deployment, caller, now }: NodesToInsert): Promise<void> {
  const { tenantId, userId } = caller;
  for (const node of plan.nodes) {
    const inserted = await sql.row<{ _storage_id: number }>(
      `INSERT INTO nodes (id, visibility, type, properties, number_of_instances, _deployment_fk, _tenant_id, _creator_id)
       VALUES ($1, 'tenant', $2, $3, $4, $5, $6, $7) RETURNING _storage_id`,
      [node.id, node.type, JSON.stringify(node.properties), node.instances, deployment, tenantId, userId],
    );
    for (let index = 0; index < node.instances; index += 1) {
      const id = `${node.id}_${randomUUID().slice(0, 6)}`;
      const instance = await sql.row<{ _storage_id: number }>(
        `INSERT INTO node_instances (id, visibility, state, runtime_properties, _node_fk, _tenant_id, _creator_id)
         VALUES ($1, 'tenant', 'uninitialized', '{}', $2, $3, $4) RETURNING _storage_id`,
        [id, inserted?._storage_id, tenantId, userId],
      );
      if (node.properties["agent_config"] === undefined) continue;
      await sql.rows(
        `INSERT INTO agents (id, visibility, name, state, version, ip, install_method, system, rabbitmq_username, rabbitmq_exchange, created_at, updated_at, _node_instance_fk, _tenant_id, _creator_id)
         VALUES ($1, 'tenant', $1, 'started', '5.1.0', '127.0.0.1', 'remote', 'debian', $2, $1, $3, $3, $4, $5, $6)`,
        [id, `rabbitmq_user_${id}`, now, instance?._storage_id, tenantId, userId],
      );
    }
  }
}

/** Of the blueprint language's functions only `get_input` is known here; the rest stays as it was written. */
function evaluate(value: unknown, inputs: Readonly<Record<string, unknown>>): unknown {
  const input = (value as { get_input?: unknown } | null)?.get_input;
  return typeof input === "string" ? inputs[input] : value;
}
