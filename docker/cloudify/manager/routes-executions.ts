import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Plan } from "./blueprint.ts";
import type { Context } from "./context.ts";
import { parseScheduledTime } from "./delay.ts";
import { ApiError, badParameters, notFound } from "./errors.ts";
import { getExecution, presentExecution } from "./execution-row.ts";
import type { Executions } from "./executions.ts";
import { findBlocking } from "./queueing.ts";
import { apiPrefix, callerOf, jsonBody, looseBoolean, parametersOf, queryOf } from "./http.ts";
import { ensureMay, type Caller } from "./identity.ts";
import { isTrue, listResources } from "./listing.ts";
import { executions as executionResource } from "./resources.ts";
import { insertSchedule, singleRun } from "./schedules.ts";

const startSchema = z.looseObject({
  deployment_id: z.string(),
  workflow_id: z.string(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  allow_custom_parameters: looseBoolean.default(false),
  force: looseBoolean.default(false),
  dry_run: looseBoolean.default(false),
  queue: looseBoolean.default(false),
  scheduled_time: z.string().nullish(),
  wait_after_fail: z.coerce.number().int().default(600),
});

const actionSchema = z.looseObject({
  action: z.enum(["cancel", "force-cancel", "kill", "requeue", "resume", "force-resume"]),
});

const updateSchema = z.looseObject({
  status: z.enum(["terminated", "failed", "cancelled", "started", "queued", "pending", "cancelling"]),
  error: z.string().default(""),
});

export function executionRoutes(app: FastifyInstance, context: Context, executions: Executions): void {
  const { database } = context;

  app.get(`${apiPrefix}/executions`, async (request) => {
    const caller = callerOf(request);
    const query = queryOf(request);
    const conditions = isTrue(query["_include_system_workflows"]) ? [] : ["r.is_system_workflow = false"];
    return await listResources(database, executionResource, { caller, query, conditions });
  });

  app.get(`${apiPrefix}/executions/:id`, async (request) => {
    const { id = "" } = parametersOf(request);
    return presentExecution(await getExecution(database, id, callerOf(request).tenantId));
  });

  app.get(`${apiPrefix}/executions/:id/should-start`, async (request) => {
    const { id = "" } = parametersOf(request);
    const row = await getExecution(database, id, callerOf(request).tenantId);
    return (await findBlocking(database, row)) === undefined;
  });

  app.post(`${apiPrefix}/executions`, async (request, reply) => {
    const caller = callerOf(request);
    ensureMay(caller, "execute");
    const wanted = startSchema.parse(await jsonBody(request));
    const scheduledFor = readScheduledTime(context, wanted.scheduled_time);
    const { deployment, parameters } = await findWorkflow(context, caller, wanted);
    if (scheduledFor !== undefined && context.config.profile === "cfy6")
      return await reply
        .status(201)
        .send(await schedule(context, caller, { wanted, deployment, parameters, due: scheduledFor }));
    const row = await executions.start({
      tenantId: caller.tenantId,
      userId: caller.userId,
      workflowId: wanted.workflow_id,
      deployment,
      parameters,
      dryRun: wanted.dry_run,
      force: wanted.force,
      queue: wanted.queue,
      waitAfterFail: wanted.wait_after_fail,
      scheduledFor,
    });
    return await reply.status(201).send(presentExecution(row));
  });

  app.post(`${apiPrefix}/executions/:id`, async (request) => await act(context, executions, request));

  app.patch(`${apiPrefix}/executions/:id`, async (request) => {
    const caller = callerOf(request);
    ensureMay(caller, "write");
    const { id = "" } = parametersOf(request);
    const { status, error } = updateSchema.parse(await jsonBody(request));
    await getExecution(database, id, caller.tenantId);
    await executions.setStatus(id, status, error);
    return presentExecution(await getExecution(database, id, caller.tenantId));
  });
}

interface ToSchedule {
  readonly wanted: z.infer<typeof startSchema>;
  readonly deployment: { readonly storageId: number };
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly due: Date;
}

/** Since 5.3 a schedule, and no execution: what is answered looks like one, and has no id that leads anywhere. */
async function schedule(
  context: Context,
  caller: Caller,
  { wanted, deployment, parameters, due }: ToSchedule,
): Promise<object> {
  const execution = {
    workflow_id: wanted.workflow_id,
    parameters,
    is_dry_run: wanted.dry_run,
    _deployment_fk: deployment.storageId,
    _tenant_id: caller.tenantId,
    _creator_id: caller.userId,
  };
  await insertSchedule(context, singleRun(execution, due, ""));
  return {
    id: null,
    workflow_id: wanted.workflow_id,
    deployment_id: wanted.deployment_id,
    status: "scheduled",
    status_display: "scheduled",
    parameters,
    is_dry_run: wanted.dry_run,
    scheduled_for: due,
    created_by: caller.username,
    tenant_name: caller.tenantName,
  };
}

/** One of the actions on an execution. @throws ApiError 409 where its state does not allow it */
async function act(context: Context, executions: Executions, request: FastifyRequest): Promise<object> {
  const { database } = context;
  const caller = callerOf(request);
  ensureMay(caller, "execute");
  const { id = "" } = parametersOf(request);
  const { action } = actionSchema.parse(await jsonBody(request));
  const row = await getExecution(database, id, caller.tenantId);
  if (action === "requeue" && context.config.profile === "cfy6") {
    // Still accepted there, with nothing behind it: it falls through to a cancellation. In `seed` that is refused.
    if (context.config.conformance === "code")
      return presentExecution(await executions.cancel(row, "cancel"));
    throw badParameters("requeue is not known to this version: schedules are kept as execution schedules");
  }
  if (action === "requeue") {
    await executions.requeue(row);
    return presentExecution(await getExecution(database, id, caller.tenantId));
  }
  if (action === "resume" || action === "force-resume")
    throw new ApiError(
      409,
      "conflict_error",
      `Cannot resume execution: \`${id}\` in state: \`${row.status}\``,
    );
  return presentExecution(await executions.cancel(row, action));
}

function readScheduledTime({ config, clock }: Context, text: string | null | undefined): Date | undefined {
  if (text === null || text === undefined || text === "") return undefined;
  const due = parseScheduledTime(text, config.conformance);
  if (due.getTime() <= clock.nowMs())
    throw badParameters(
      `Date \`${due.toISOString()}\` has already passed, please provide valid date. Expected format: YYYYMMDDHHMM+HHMM or YYYYMMDDHHMM-HHMM i.e: 201801012230-0500 (Jan-01-18 10:30pm EST)`,
    );
  return due;
}

interface DeploymentRow {
  readonly _storage_id: number;
  readonly blueprint_id: string;
  readonly workflows: Plan["workflows"];
}

/** @throws ApiError 404, 400 `nonexistent_workflow_error` or `illegal_execution_parameters_error` */
async function findWorkflow(
  { database }: Context,
  caller: Caller,
  wanted: z.infer<typeof startSchema>,
): Promise<{
  deployment: { storageId: number; blueprintId: string };
  parameters: Record<string, unknown>;
}> {
  const deployment = await database.row<DeploymentRow>(
    `SELECT d._storage_id, d.workflows, b.id AS blueprint_id FROM deployments d JOIN blueprints b ON b._storage_id = d._blueprint_fk
     WHERE d.id = $1 AND d._tenant_id = $2`,
    [wanted.deployment_id, caller.tenantId],
  );
  if (deployment === undefined) throw notFound("Deployment", wanted.deployment_id);
  const workflow = deployment.workflows.find(({ name }) => name === wanted.workflow_id);
  if (workflow === undefined)
    throw new ApiError(
      400,
      "nonexistent_workflow_error",
      `Workflow ${wanted.workflow_id} does not exist in deployment ${wanted.deployment_id}`,
    );
  const given = wanted.parameters ?? {};
  const unknown = Object.keys(given).filter((name) => workflow.parameters[name] === undefined);
  if (unknown.length > 0 && !wanted.allow_custom_parameters)
    throw new ApiError(
      400,
      "illegal_execution_parameters_error",
      `Workflow "${wanted.workflow_id}" does not have the following parameters: ${unknown.join(", ")}. To use them anyway, pass "allow_custom_parameters=true"`,
    );
  const defaults = Object.entries(workflow.parameters).map(([name, { default: value }]) => [
    name,
    value ?? null,
  ]);
  return {
    deployment: { storageId: deployment._storage_id, blueprintId: deployment.blueprint_id },
    parameters: { ...(Object.fromEntries(defaults) as Record<string, unknown>), ...given },
  };
}
