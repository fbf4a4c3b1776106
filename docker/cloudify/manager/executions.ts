import { randomBytes, randomUUID } from "node:crypto";
import type { Context } from "./context.ts";
import type { Sql } from "./database.ts";
import { ttlMs } from "./delay.ts";
import { ApiError, conflict } from "./errors.ts";
import { findExecution, type ExecutionRow } from "./execution-row.ts";
import { blockedBy, findBlocking, takeQueued } from "./queueing.ts";
import { isEnd, type Status } from "./statuses.ts";
import { workflowMessage } from "./workflow-message.ts";

export interface StartRequest {
  readonly tenantId: number;
  readonly userId: number;
  readonly workflowId: string;
  readonly deployment?: { readonly storageId: number; readonly blueprintId: string } | undefined;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly isSystem?: boolean;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly queue?: boolean;
  readonly waitAfterFail?: number;
  readonly scheduledFor?: Date | undefined;
}

const tokenBytes = 24;
const defaultWaitAfterFail = 600;

/** Rows of executions and the messages that go with them. */
export class Executions {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** @throws ApiError 400 `existing_running_execution_error` where it must wait and was not to be queued */
  async start(request: StartRequest): Promise<ExecutionRow> {
    const { row, token } = await this.#context.database.exclusively(
      async (sql) => await this.#insert(sql, request),
    );
    if (row.status === "pending") await this.#publish(row, token);
    if (row.status === "scheduled") await this.#arm(row, token, row.is_dry_run, row.wait_after_fail);
    return row;
  }

  async #insert(sql: Sql, request: StartRequest): Promise<{ row: ExecutionRow; token: string }> {
    const { clock, security } = this.#context;
    const id = randomUUID();
    const token = randomBytes(tokenBytes).toString("base64url");
    const asking = {
      id,
      workflow_id: request.workflowId,
      _deployment_fk: request.deployment?.storageId ?? null,
      force: request.force ?? false,
    };
    let status: Status = request.scheduledFor === undefined ? "pending" : "scheduled";
    if (status === "pending") {
      const blocking = await findBlocking(sql, asking);
      if (blocking !== undefined && request.queue !== true) throw blockedBy(asking, blocking);
      if (blocking !== undefined) status = "queued";
    }
    await sql.rows(
      `INSERT INTO executions (id, visibility, created_at, scheduled_for, workflow_id, status, parameters, is_system_workflow, is_dry_run,
         wait_after_fail, force, token, blueprint_id, _deployment_fk, _tenant_id, _creator_id)
       VALUES ($1, 'tenant', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
      [
        ...[id, clock.stamp(), request.scheduledFor?.toISOString() ?? null, request.workflowId, status],
        ...[JSON.stringify(request.parameters ?? {}), request.isSystem ?? false, request.dryRun ?? false],
        ...[request.waitAfterFail ?? defaultWaitAfterFail, asking.force, security.hashToken(token)],
        ...[request.deployment?.blueprintId ?? null, asking._deployment_fk, request.tenantId, request.userId],
      ],
    );
    const row = await findExecution(sql, id);
    if (row === undefined) throw new Error(`execution ${id} vanished`);
    return { row, token };
  }

  async #publish(row: ExecutionRow, token: string): Promise<void> {
    await this.#context.broker.publishWorkflow(
      workflowMessage(row, {
        token,
        isDelayed: false,
        dryRun: row.is_dry_run,
        waitAfterFail: row.wait_after_fail,
        bypassMaintenance: row.workflow_id === "restore_snapshot" || row.workflow_id === "create_snapshot",
      }),
    );
  }

  /** Puts the message of a scheduled execution into its dead-letter queue. */
  async #arm(row: ExecutionRow, token: string, dryRun: boolean, waitAfterFail: number): Promise<void> {
    const { clock, config, broker } = this.#context;
    if (row.scheduled_for === null) throw new Error(`execution ${row.id} has no scheduled_for`);
    const message = workflowMessage(row, {
      token,
      isDelayed: true,
      dryRun,
      waitAfterFail,
      bypassMaintenance: config.conformance === "seed",
    });
    await broker.publishDelayed(row.id, ttlMs(row.scheduled_for, clock.nowMs(), config.conformance), message);
  }

  /**
   * Arms a scheduled row anew, as after a restore: the same execution with a new token.
   * `code`: as a real run with the default `wait_after_fail`, over whatever queue is there. `seed`: as it was, in a queue of its own.
   * @throws ApiError 409 unless it is scheduled
   */
  async requeue(row: ExecutionRow): Promise<void> {
    if (row.status !== "scheduled")
      throw conflict(`Cannot requeue execution: \`${row.id}\` in state: \`${row.status}\``);
    const { config, database, security, broker } = this.#context;
    const token = randomBytes(tokenBytes).toString("base64url");
    await database.rows("UPDATE executions SET token = $2 WHERE id = $1", [
      row.id,
      security.hashToken(token),
    ]);
    if (config.conformance === "code") return await this.#arm(row, token, false, defaultWaitAfterFail);
    await broker.deleteDelayed(row.id);
    await this.#arm(row, token, row.is_dry_run, row.wait_after_fail);
  }

  /** @throws ApiError 400 once it has ended */
  async cancel(row: ExecutionRow, action: "cancel" | "force-cancel" | "kill"): Promise<ExecutionRow> {
    const { database, config, broker } = this.#context;
    if (isEnd(row.status))
      throw new ApiError(
        400,
        "illegal_action_error",
        `Cannot ${action} execution ${row.id} because it is in status ${row.status}`,
      );
    const becoming = {
      cancel: "cancelling",
      "force-cancel": "force_cancelling",
      kill: "kill_cancelling",
    } as const;
    const isWaiting = row.status === "scheduled" || row.status === "queued";
    if (isWaiting) {
      await this.setStatus(row.id, "cancelled");
      if (config.conformance === "seed" && row.status === "scheduled") await broker.deleteDelayed(row.id);
    } else {
      await database.rows("UPDATE executions SET status = $2 WHERE id = $1", [row.id, becoming[action]]);
    }
    return (await findExecution(database, row.id)) ?? row;
  }

  /** @throws ApiError 400 `invalid_exception_status_update` once it has ended */
  async setStatus(id: string, status: Status, error = ""): Promise<void> {
    const { database, clock } = this.#context;
    const endedAt = isEnd(status) ? clock.stamp() : null;
    const changed = await database.rows(
      `UPDATE executions SET status = $2, error = $3, ended_at = COALESCE($4::timestamp, ended_at),
         started_at = CASE WHEN $2 = 'started' THEN $5::timestamp ELSE started_at END
       WHERE id = $1 AND status NOT IN ('terminated', 'failed', 'cancelled') RETURNING id`,
      [id, status, error, endedAt, clock.stamp()],
    );
    if (changed.length > 0) return;
    const row = await findExecution(database, id);
    throw new ApiError(
      400,
      "invalid_exception_status_update",
      `Invalid relationship - can't change status from ${row?.status ?? "nothing"} to ${status} for execution ${id}`,
    );
  }

  /** Whether a delivered execution may start; it is `started` then, else `queued`. */
  async begin(row: ExecutionRow): Promise<boolean> {
    return await this.#context.database.exclusively(async (sql) => {
      const mayStart = row.status === "pending" || (await findBlocking(sql, row)) === undefined;
      const guard = this.#context.config.conformance === "seed" ? "AND status = $4" : "";
      const changed = await sql.rows(
        `UPDATE executions SET status = $2, started_at = CASE WHEN $2 = 'started' THEN $3::timestamp END WHERE id = $1 ${guard} RETURNING id`,
        [
          row.id,
          mayStart ? "started" : "queued",
          this.#context.clock.stamp(),
          ...(guard === "" ? [] : [row.status]),
        ],
      );
      return mayStart && changed.length > 0;
    });
  }

  /** Starts what waited. */
  async dequeue(): Promise<void> {
    const taken = await this.#context.database.exclusively(takeQueued);
    for (const row of taken) await this.#publish(row, randomBytes(tokenBytes).toString("base64url"));
  }
}
