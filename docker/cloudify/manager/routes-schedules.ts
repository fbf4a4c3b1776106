import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Context } from "./context.ts";
import type { Row } from "./database.ts";
import { badParameters, conflict, notFound } from "./errors.ts";
import { apiPrefix, callerOf, jsonBody, looseBoolean, parametersOf, queryOf } from "./http.ts";
import { ensureMay, type Caller } from "./identity.ts";
import { ensureLegalId, getResource, listResources } from "./listing.ts";
import { nextOccurrence, parseNaiveTime, type Rule } from "./recurrence.ts";
import { deployments } from "./resources.ts";
import { insertSchedule, schedules, type ScheduleRow } from "./schedules.ts";

const ruleFields = {
  recurrence: z.string().nullish(),
  count: z.coerce.number().int().positive().nullish(),
  weekdays: z.array(z.string()).nullish(),
  rrule: z.string().nullish(),
};
const createSchema = z.looseObject({
  ...ruleFields,
  workflow_id: z.string(),
  since: z.string(),
  until: z.string().nullish(),
  slip: z.coerce.number().int().min(0).nullish(),
  stop_on_fail: looseBoolean.nullish(),
  enabled: looseBoolean.nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  execution_arguments: z.record(z.string(), z.unknown()).nullish(),
});
const updateSchema = createSchema.partial();

/** Only what was said is stored, as the product does it. @throws ApiError 400 where both forms are given */
function ruleOf(wanted: z.infer<typeof updateSchema>): Rule | undefined {
  const { rrule, recurrence, count, weekdays } = wanted;
  const isShort = [recurrence, count, weekdays].some((part) => part !== null && part !== undefined);
  if (typeof rrule === "string") {
    if (isShort)
      throw badParameters("`rrule` cannot be provided together with `recurrence`, `weekdays` or `count`");
    return { rrule };
  }
  return isShort
    ? { recurrence: recurrence ?? null, count: count ?? null, weekdays: weekdays ?? null }
    : undefined;
}

export function scheduleRoutes(app: FastifyInstance, context: Context): void {
  const { database, clock } = context;
  const path = `${apiPrefix}/execution-schedules`;

  app.get(path, async (request) => {
    return await listResources(database, schedules, { caller: callerOf(request), query: queryOf(request) });
  });

  app.get(`${path}/:id`, async (request) => schedules.present(await findSchedule(context, request)));

  app.put(`${path}/:id`, async (request, reply) => {
    const caller = callerOf(request);
    ensureMay(caller, "execute");
    const { id = "" } = parametersOf(request);
    ensureLegalId(id);
    await create(context, caller, { id, deploymentId: deploymentOf(request), body: await jsonBody(request) });
    return await reply.status(201).send(schedules.present(await findSchedule(context, request)));
  });

  app.patch(`${path}/:id`, async (request, reply) => {
    ensureMay(callerOf(request), "execute");
    const row = (await findSchedule(context, request)) as unknown as ScheduleRow;
    const wanted = updateSchema.parse(await jsonBody(request));
    const since = typeof wanted.since === "string" ? parseNaiveTime(wanted.since) : row.since;
    const until = typeof wanted.until === "string" ? parseNaiveTime(wanted.until) : row.until;
    const rule = ruleOf(wanted) ?? row.rule;
    const next = nextOccurrence(rule, { since, until }, clock.now());
    await database.rows(
      `UPDATE execution_schedules SET since = $2, until = $3, rule = $4, next_occurrence = $5, slip = COALESCE($6, slip),
         stop_on_fail = COALESCE($7, stop_on_fail), enabled = COALESCE($8, enabled), workflow_id = COALESCE($9, workflow_id) WHERE _storage_id = $1`,
      [
        ...[row._storage_id, since.toISOString(), until?.toISOString() ?? null, JSON.stringify(rule)],
        ...[next?.toISOString() ?? null, wanted.slip ?? null, wanted.stop_on_fail ?? null],
        ...[wanted.enabled ?? null, wanted.workflow_id ?? null],
      ],
    );
    return await reply.status(201).send(schedules.present(await findSchedule(context, request)));
  });

  app.delete(`${path}/:id`, async (request, reply) => {
    ensureMay(callerOf(request), "execute");
    const row = await findSchedule(context, request);
    await database.rows("DELETE FROM execution_schedules WHERE _storage_id = $1", [row["_storage_id"]]);
    return await reply.status(204).send();
  });
}

function deploymentOf(request: FastifyRequest): string {
  const id = queryOf(request)["deployment_id"];
  if (id === undefined) throw badParameters("Missing deployment_id in the request");
  return id;
}

async function findSchedule({ database }: Context, request: FastifyRequest): Promise<Row> {
  const { id = "" } = parametersOf(request);
  const row = await database.row(`${schedules.query} WHERE r._tenant_id = $1 AND r.id = $2 AND d.id = $3`, [
    callerOf(request).tenantId,
    id,
    deploymentOf(request),
  ]);
  if (row === undefined) throw notFound("ExecutionSchedule", id);
  return row;
}

async function create(
  context: Context,
  caller: Caller,
  { id, deploymentId, body }: { readonly id: string; readonly deploymentId: string; readonly body: unknown },
): Promise<void> {
  const deployment = await getResource(context.database, deployments, caller, deploymentId);
  const wanted = createSchema.parse(body);
  const inserted = await insertSchedule(context, {
    id,
    workflowId: wanted.workflow_id,
    since: parseNaiveTime(wanted.since),
    until: typeof wanted.until === "string" ? parseNaiveTime(wanted.until) : null,
    rule: ruleOf(wanted) ?? { count: 1 },
    slip: wanted.slip ?? 0,
    stopOnFail: wanted.stop_on_fail ?? false,
    enabled: wanted.enabled ?? true,
    parameters: wanted.parameters ?? {},
    executionArguments: wanted.execution_arguments ?? {},
    deploymentFk: Number(deployment["_storage_id"]),
    tenantId: caller.tenantId,
    userId: caller.userId,
  });
  if (!inserted)
    throw conflict(`ExecutionSchedule with id=${id} already exists for deployment ${deploymentId}`);
}
