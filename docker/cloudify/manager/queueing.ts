import type { Sql } from "./database.ts";
import { ApiError } from "./errors.ts";
import { executionQuery, type ExecutionRow } from "./execution-row.ts";
import { activeStatuses } from "./statuses.ts";

/** Workflows that want the whole manager for themselves. */
const systemWide = ["create_snapshot", "restore_snapshot"];

function isSystemWide(workflowId: string): boolean {
  return systemWide.includes(workflowId);
}

type Asking = Pick<ExecutionRow, "id" | "workflow_id" | "_deployment_fk" | "force">;

/**
 * The execution that another one must wait for: for a system-wide one any active one in any tenant; else an active or queued
 * system-wide one; else, without force, an active one of the same deployment. Scheduled ones never block.
 */
export async function findBlocking(sql: Sql, asking: Asking): Promise<ExecutionRow | undefined> {
  const others = `${executionQuery} WHERE r.id <> $1 AND`;
  const first = "ORDER BY r._storage_id LIMIT 1";
  if (isSystemWide(asking.workflow_id))
    return await sql.row(`${others} r.status = ANY($2) ${first}`, [asking.id, activeStatuses]);
  const whole = await sql.row<ExecutionRow>(
    `${others} r.workflow_id = ANY($2) AND r.status = ANY($3) ${first}`,
    [asking.id, systemWide, [...activeStatuses, "queued"]],
  );
  if (whole !== undefined || asking.force || asking._deployment_fk === null) return whole;
  return await sql.row(`${others} r._deployment_fk = $2 AND r.status = ANY($3) ${first}`, [
    asking.id,
    asking._deployment_fk,
    activeStatuses,
  ]);
}

export function blockedBy(asking: Pick<ExecutionRow, "workflow_id">, blocking: ExecutionRow): ApiError {
  const what = isSystemWide(asking.workflow_id)
    ? `Cannot start ${asking.workflow_id} because there are other executions running`
    : `The following executions are currently running for this deployment or as system-wide: ${blocking.id}`;
  return new ApiError(
    400,
    "existing_running_execution_error",
    `${what}: ${blocking.workflow_id} ${blocking.id} is ${blocking.status}. To execute this workflow anyway, pass "force=true" or queue it`,
  );
}

/** Queued executions that may start now, oldest first; a system-wide one first and alone. Becomes their status at once. */
export async function takeQueued(sql: Sql): Promise<ExecutionRow[]> {
  const queued = await sql.rows<ExecutionRow>(
    `${executionQuery} WHERE r.status = 'queued' ORDER BY (r.workflow_id = ANY($1)) DESC, r.created_at, r._storage_id`,
    [systemWide],
  );
  const taken: ExecutionRow[] = [];
  for (const row of queued) {
    if ((await findBlocking(sql, row)) !== undefined) {
      if (isSystemWide(row.workflow_id)) break;
      continue;
    }
    await sql.rows("UPDATE executions SET status = 'pending' WHERE id = $1", [row.id]);
    taken.push({ ...row, status: "pending" });
    if (isSystemWide(row.workflow_id)) break;
  }
  return taken;
}
