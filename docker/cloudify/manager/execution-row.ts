import type { Sql } from "./database.ts";
import { notFound } from "./errors.ts";
import { statusDisplay, type Status } from "./statuses.ts";

/** An execution with the names behind its keys. */
export interface ExecutionRow {
  readonly _storage_id: number;
  readonly id: string;
  readonly visibility: string;
  readonly workflow_id: string;
  readonly status: Status;
  readonly error: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly is_system_workflow: boolean;
  readonly is_dry_run: boolean;
  readonly wait_after_fail: number;
  readonly force: boolean;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  readonly scheduled_for: Date | null;
  readonly token: string | null;
  readonly blueprint_id: string | null;
  readonly deployment_id: string | null;
  readonly _deployment_fk: number | null;
  readonly tenant_name: string;
  readonly _tenant_id: number;
  readonly created_by: string | null;
  readonly creator_is_active: boolean | null;
  readonly _creator_id: number | null;
}

export const executionQuery = `SELECT r.*, d.id AS deployment_id, t.name AS tenant_name, u.username AS created_by, u.active AS creator_is_active
  FROM executions r JOIN tenants t ON t.id = r._tenant_id LEFT JOIN deployments d ON d._storage_id = r._deployment_fk
  LEFT JOIN users u ON u.id = r._creator_id`;

export async function findExecution(sql: Sql, id: string): Promise<ExecutionRow | undefined> {
  return await sql.row<ExecutionRow>(`${executionQuery} WHERE r.id = $1`, [id]);
}

/** @throws ApiError 404, also for an execution of another tenant */
export async function getExecution(sql: Sql, id: string, tenantId: number): Promise<ExecutionRow> {
  const row = await findExecution(sql, id);
  if (row === undefined || row._tenant_id !== tenantId) throw notFound("Execution", id);
  return row;
}

/** As the REST API shows it. */
export function presentExecution(row: ExecutionRow): Record<string, unknown> {
  return {
    id: row.id,
    workflow_id: row.workflow_id,
    deployment_id: row.deployment_id,
    deployment_display_name: row.deployment_id,
    blueprint_id: row.blueprint_id,
    status: row.status,
    status_display: statusDisplay(row.status),
    error: row.error,
    parameters: row.parameters,
    is_system_workflow: row.is_system_workflow,
    is_dry_run: row.is_dry_run,
    wait_after_fail: row.wait_after_fail,
    created_at: row.created_at,
    started_at: row.started_at,
    ended_at: row.ended_at,
    scheduled_for: row.scheduled_for,
    created_by: row.created_by,
    tenant_name: row.tenant_name,
    visibility: row.visibility,
    private_resource: row.visibility === "private",
    resource_availability: row.visibility,
    execution_group_id: null,
    total_operations: null,
    finished_operations: null,
    allow_custom_parameters: true,
  };
}
