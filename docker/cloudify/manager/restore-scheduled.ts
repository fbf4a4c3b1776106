import type { Context } from "./context.ts";
import { messageOf } from "./errors.ts";
import { executionQuery, type ExecutionRow } from "./execution-row.ts";
import type { Executions } from "./executions.ts";
import { insertSchedule, singleRun } from "./schedules.ts";
import type { Restore } from "./snapshot-restore.ts";

const atOnce = 8;

/** The line that the published procedure quotes. */
function overdueLine(id: string, scheduledFor: Date): string {
  return `Execution ${id} scheduled for ${scheduledFor.toISOString()} is overdue. Marking as FAILED.`;
}

/**
 * Scheduled executions after a restore: what is due in the future is armed again, what is overdue failed. The time is taken
 * anew for each row. `code`: only the tenant of the restore is looked at, and the first row that cannot be armed ends the step.
 */
export async function restoreScheduled(
  context: Context,
  { run }: Restore,
  executions: Executions,
): Promise<void> {
  const { config, database } = context;
  const ofTenant = config.conformance === "code" ? "AND t.name = $1" : "AND $1::text IS NOT NULL";
  const rows = await database.rows<ExecutionRow>(
    `${executionQuery} WHERE r.status = 'scheduled' ${ofTenant} ORDER BY r.scheduled_for, r._storage_id`,
    [run.row.tenant_name],
  );
  const one = async (row: ExecutionRow) => {
    if (config.profile === "cfy6") await becomeSchedule(context, { row, run, executions });
    else if (config.conformance === "code") await handle(context, { row, run, executions });
    else await handleOrFail(context, { row, run, executions });
  };
  await sideBySide(rows, config.conformance === "code" ? 1 : atOnce, one);
}

/** The earliest first, a few at a time: each waits for the disks of the database and of the broker. */
async function sideBySide<T>(
  items: readonly T[],
  width: number,
  action: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const workers = Array.from({ length: width }, async () => {
    for (const item of queue) await action(item);
  });
  await Promise.all(workers);
}

interface One {
  readonly row: ExecutionRow;
  readonly run: Restore["run"];
  readonly executions: Executions;
}

async function handle({ clock, config, logs }: Context, { row, run, executions }: One): Promise<void> {
  const origin = { executionId: run.row.id };
  if (row.scheduled_for === null) throw new Error(`execution ${row.id} is scheduled for no time`);
  if (clock.nowMs() < row.scheduled_for.getTime()) {
    await logs.log(
      origin,
      "DEBUG",
      `Restoring execution ${row.workflow_id} (at ${row.scheduled_for.toISOString()})`,
    );
    return await executions.requeue(row);
  }
  await executions.setStatus(row.id, "failed", "overdue when the snapshot was restored");
  const level = config.conformance === "code" ? "WARNING" : "INFO";
  await logs.log(origin, level, overdueLine(row.id, row.scheduled_for));
}

/**
 * A row of an archive from before 5.3, on a manager that keeps schedules: what is due in the future becomes a schedule of one
 * run, and the row is failed in every case. `seed` says of an overdue one that it is overdue.
 */
async function becomeSchedule(context: Context, { row, run, executions }: One): Promise<void> {
  const { clock, config, logs } = context;
  const origin = { executionId: run.row.id };
  const due = row.scheduled_for;
  const isFuture = due !== null && clock.nowMs() < due.getTime();
  if (isFuture && row._deployment_fk !== null) {
    await logs.log(origin, "DEBUG", `Re-scheduling execution ${row.workflow_id} (at ${due.toISOString()})`);
    const made = { ...row, _deployment_fk: row._deployment_fk };
    await insertSchedule(context, singleRun(made, due, "restored_"));
  }
  await executions.setStatus(
    row.id,
    "failed",
    isFuture ? "replaced by a schedule" : "overdue when the snapshot was restored",
  );
  if (due !== null && !isFuture && config.conformance === "seed")
    return await logs.log(origin, "INFO", overdueLine(row.id, due));
  const time = due?.toISOString() ?? "no time";
  await logs.log(origin, "WARNING", `Marking original execution ${row.id} scheduled for ${time} as FAILED.`);
}

/** A row that can never run is failed with its reason, and does not stand in the way of the others. */
async function handleOrFail(context: Context, one: One): Promise<void> {
  const { row, run, executions } = one;
  const fail = async (reason: string) => {
    await executions.setStatus(row.id, "failed", reason);
    await context.logs.log(
      { executionId: run.row.id },
      "ERROR",
      `Execution ${row.id} cannot be restored: ${reason}`,
    );
  };
  const reason = await unable(context, row);
  if (reason !== undefined) return await fail(reason);
  await handle(context, one).catch(async (thrown: unknown) => await fail(messageOf(thrown)));
}

async function unable({ database }: Context, row: ExecutionRow): Promise<string | undefined> {
  if (row.scheduled_for === null) return "it is scheduled for no time";
  if (row._deployment_fk === null) return "its deployment does not exist";
  const workflow = await database.row(
    "SELECT 1 FROM deployments WHERE _storage_id = $1 AND workflows @> $2::jsonb",
    [row._deployment_fk, JSON.stringify([{ name: row.workflow_id }])],
  );
  if (workflow === undefined) return `workflow ${row.workflow_id} does not exist in its deployment`;
  if (row.creator_is_active !== true) return `its creator ${row.created_by ?? "(removed)"} is not active`;
  return undefined;
}
