import { randomUUID } from "node:crypto";
import type { Plan } from "./blueprint.ts";
import type { Context } from "./context.ts";
import type { Row } from "./database.ts";
import { messageOf } from "./errors.ts";
import type { ExecutionRow } from "./execution-row.ts";
import type { Executions } from "./executions.ts";
import { presentCommon, tenantJoins, type Resource } from "./listing.ts";
import type { Maintenance } from "./maintenance.ts";
import { nextOccurrence, type Rule } from "./recurrence.ts";

export interface ScheduleRow {
  readonly _storage_id: number;
  readonly id: string;
  readonly workflow_id: string;
  readonly since: Date;
  readonly until: Date | null;
  readonly rule: Rule;
  /** Minutes that a run may be late. */
  readonly slip: number;
  readonly stop_on_fail: boolean;
  readonly enabled: boolean;
  readonly parameters: Readonly<Record<string, unknown>> | null;
  readonly execution_arguments: { readonly dry_run?: boolean; readonly force?: boolean } | null;
  readonly next_occurrence: Date | null;
  readonly latest_status: string | null;
  readonly _deployment_fk: number;
  readonly blueprint_id: string;
  readonly _tenant_id: number;
  readonly _creator_id: number;
}

export const schedules: Resource = {
  kind: "ExecutionSchedule",
  query: `SELECT r.*, t.name AS tenant_name, u.username AS created_by, d.id AS deployment_id, b.id AS blueprint_id, x.status AS latest_status, x.id AS latest_execution_id
    FROM execution_schedules r ${tenantJoins} JOIN deployments d ON d._storage_id = r._deployment_fk
    JOIN blueprints b ON b._storage_id = d._blueprint_fk LEFT JOIN executions x ON x._storage_id = r._latest_execution_fk`,
  columns: {
    id: "r.id",
    deployment_id: "d.id",
    workflow_id: "r.workflow_id",
    next_occurrence: "r.next_occurrence",
  },
  present: (row: Row) => ({
    ...presentCommon(row),
    deployment_id: row["deployment_id"],
    deployment_display_name: row["deployment_id"],
    workflow_id: row["workflow_id"],
    parameters: row["parameters"],
    execution_arguments: row["execution_arguments"],
    since: row["since"],
    until: row["until"],
    rule: row["rule"],
    slip: row["slip"],
    stop_on_fail: row["stop_on_fail"],
    enabled: row["enabled"],
    next_occurrence: row["next_occurrence"],
    latest_execution_status: row["latest_status"],
    all_next_occurrences: row["next_occurrence"] === null ? [] : [row["next_occurrence"]],
  }),
};

export interface NewSchedule {
  readonly id: string;
  readonly workflowId: string;
  readonly since: Date;
  readonly until: Date | null;
  readonly rule: Rule;
  readonly slip: number;
  readonly stopOnFail: boolean;
  readonly enabled: boolean;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly executionArguments: Readonly<Record<string, unknown>>;
  readonly deploymentFk: number;
  readonly tenantId: number;
  readonly userId: number | null;
}

/** @returns whether it was inserted; not where one of that id is there */
export async function insertSchedule({ database, clock }: Context, made: NewSchedule): Promise<boolean> {
  const next = nextOccurrence(made.rule, made, clock.now());
  const row = await database.row(
    `INSERT INTO execution_schedules (id, visibility, created_at, workflow_id, since, until, rule, slip, stop_on_fail, enabled,
       parameters, execution_arguments, next_occurrence, _deployment_fk, _tenant_id, _creator_id)
     VALUES ($1, 'tenant', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (id, _deployment_fk) DO NOTHING RETURNING id`,
    [
      ...[
        made.id,
        clock.stamp(),
        made.workflowId,
        made.since.toISOString(),
        made.until?.toISOString() ?? null,
      ],
      ...[
        JSON.stringify(made.rule),
        made.slip,
        made.stopOnFail,
        made.enabled,
        JSON.stringify(made.parameters),
      ],
      ...[JSON.stringify(made.executionArguments), next?.toISOString() ?? null, made.deploymentFk],
      ...[made.tenantId, made.userId],
    ],
  );
  return row !== undefined;
}

/** A single run at a time, as an execution with `scheduled_time` becomes one since 5.3. */
export function singleRun(
  execution: Pick<ExecutionRow, "workflow_id" | "parameters" | "is_dry_run"> & {
    readonly _deployment_fk: number;
    readonly _tenant_id: number;
    readonly _creator_id: number | null;
  },
  due: Date,
  middle: string,
): NewSchedule {
  return {
    id: `${execution.workflow_id}_${middle}${randomUUID().replaceAll("-", "")}`,
    workflowId: execution.workflow_id,
    since: due,
    until: null,
    rule: { count: 1 },
    slip: 0,
    stopOnFail: false,
    enabled: true,
    parameters: execution.parameters,
    executionArguments: { allow_custom_parameters: true, dry_run: execution.is_dry_run },
    deploymentFk: execution._deployment_fk,
    tenantId: execution._tenant_id,
    userId: execution._creator_id,
  };
}

/** A run later than its slip and this is left out. Source: the documentation of execution schedules. */
const graceMs = 60_000;
const lockBase = 10_000;
const unfinished = ["pending", "started", "queued", "scheduled", "cancelling", "force_cancelling"];

/** Looks at intervals for schedules that are due, and starts what they name. */
export class Scheduler {
  readonly #context: Context;
  readonly #executions: Executions;
  readonly #maintenance: Maintenance;

  constructor(context: Context, executions: Executions, maintenance: Maintenance) {
    this.#context = context;
    this.#executions = executions;
    this.#maintenance = maintenance;
  }

  start(): NodeJS.Timeout {
    const { schedulerPollMs } = this.#context.config;
    return setInterval(() => {
      void this.poll().catch((thrown: unknown) => console.error(`scheduler: ${messageOf(thrown)}`));
    }, schedulerPollMs);
  }

  async poll(): Promise<void> {
    const { database, clock, files } = this.#context;
    if (files.isRestoring || (await this.#maintenance.refresh()) === "activated") return;
    const due = await database.rows<ScheduleRow>(
      `${schedules.query} WHERE r.enabled AND r.next_occurrence < $1 ORDER BY r.next_occurrence, r._storage_id`,
      [clock.stamp()],
    );
    for (const schedule of due) await this.#handle(schedule);
  }

  /** One manager at a time for a schedule; the occurrence that was taken is taken once. */
  async #handle(schedule: ScheduleRow): Promise<void> {
    const { database, clock } = this.#context;
    const next = nextOccurrence(schedule.rule, schedule, clock.now());
    const isOurs = await database.transaction(async (sql) => {
      const lock = await sql.row<{ taken: boolean }>("SELECT pg_try_advisory_xact_lock($1) AS taken", [
        lockBase + schedule._storage_id,
      ]);
      if (lock?.taken !== true) return false;
      const moved = await sql.rows(
        "UPDATE execution_schedules SET next_occurrence = $2 WHERE _storage_id = $1 AND next_occurrence = $3 RETURNING id",
        [schedule._storage_id, next?.toISOString() ?? null, schedule.next_occurrence?.toISOString()],
      );
      return moved.length > 0;
    });
    if (!isOurs) return this.#say("INFO", `Another manager currently runs this schedule: ${schedule.id}`);
    this.#say(
      "INFO",
      `Schedule: ${schedule.id} next in ${next?.toISOString() ?? "never"}; old next was ${schedule.next_occurrence?.toISOString()}`,
    );
    if (await this.#shouldRun(schedule)) await this.#run(schedule);
  }

  #say(level: string, message: string): void {
    console.log(`${this.#context.clock.stamp()} ${level} [scheduler] ${message}`);
  }

  async #shouldRun(schedule: ScheduleRow): Promise<boolean> {
    const { database, clock } = this.#context;
    if (unfinished.includes(schedule.latest_status ?? "")) {
      this.#say("WARNING", `Schedule ${schedule.id}: its last execution has not ended, this one is left out`);
      return false;
    }
    if (schedule.stop_on_fail && schedule.latest_status === "failed") {
      await database.rows("UPDATE execution_schedules SET enabled = false WHERE _storage_id = $1", [
        schedule._storage_id,
      ]);
      this.#say("WARNING", `Schedule ${schedule.id}: its last execution failed, it is disabled`);
      return false;
    }
    const lateMs = clock.nowMs() - (schedule.next_occurrence?.getTime() ?? 0);
    if (lateMs <= schedule.slip * 60_000 + graceMs) return true;
    this.#say("WARNING", `Schedule ${schedule.id}: ${lateMs} ms late, beyond its slip; this one is left out`);
    return false;
  }

  async #run(schedule: ScheduleRow): Promise<void> {
    const { database } = this.#context;
    const deployment = await database.row<{ workflows: Plan["workflows"] }>(
      "SELECT workflows FROM deployments WHERE _storage_id = $1",
      [schedule._deployment_fk],
    );
    const workflow = deployment?.workflows.find(({ name }) => name === schedule.workflow_id);
    const defaults = Object.entries(workflow?.parameters ?? {}).map(([name, { default: value }]) => [
      name,
      value ?? null,
    ]);
    const row = await this.#executions.start({
      tenantId: schedule._tenant_id,
      userId: schedule._creator_id,
      workflowId: schedule.workflow_id,
      deployment: { storageId: schedule._deployment_fk, blueprintId: schedule.blueprint_id },
      parameters: { ...(Object.fromEntries(defaults) as Record<string, unknown>), ...schedule.parameters },
      dryRun: schedule.execution_arguments?.dry_run ?? false,
      force: schedule.execution_arguments?.force ?? false,
      queue: true,
    });
    await database.rows("UPDATE execution_schedules SET _latest_execution_fk = $2 WHERE _storage_id = $1", [
      schedule._storage_id,
      row._storage_id,
    ]);
  }
}
