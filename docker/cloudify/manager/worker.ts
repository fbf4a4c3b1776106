import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "./context.ts";
import { messageOf } from "./errors.ts";
import { findExecution, type ExecutionRow } from "./execution-row.ts";
import type { Executions } from "./executions.ts";
import type { Maintenance } from "./maintenance.ts";
import { isEnd } from "./statuses.ts";
import { parseWorkflowMessage } from "./workflow-message.ts";
import { CancelledError, type Run, type Workflows } from "./workflows.ts";

/** `code`: the token of a scheduled execution is accepted this long before and after its time. */
const tokenWindowMs = 60_000;
const earlyToleranceMs = 20;

/** Takes workflows from the broker and runs them. */
export class Worker {
  readonly #context: Context;
  readonly #executions: Executions;
  readonly #maintenance: Maintenance;
  readonly #workflows: Workflows;
  /** Ids of what this process runs. */
  readonly #running = new Set<string>();

  constructor(context: Context, executions: Executions, maintenance: Maintenance, workflows: Workflows) {
    this.#context = context;
    this.#executions = executions;
    this.#maintenance = maintenance;
    this.#workflows = workflows;
  }

  /** One delivered message; whatever is thrown here is logged, and the message is gone. */
  async deliver(body: unknown): Promise<void> {
    const message = parseWorkflowMessage(body);
    const { broker, config, database, files } = this.#context;
    if (message.dlx_id !== null) await broker.deleteDelayed(message.dlx_id);
    const row = await findExecution(database, message.id);
    if (row === undefined) return this.#drop(message.id, "there is no such execution here");
    if (row.status === "cancelled") return this.#drop(row.id, "it is cancelled");
    const { __cloudify_context: operation, ...parameters } = message.cloudify_task.kwargs;
    const isDelayed = message.dlx_id !== null;
    if (config.conformance === "code") {
      if (isDelayed) await this.#ensureAccepted(row, operation.bypass_maintenance);
    } else {
      if (isEnd(row.status)) return this.#drop(row.id, `it is ${row.status}`);
      if (row.status === "started") return await this.#interrupted(row);
      if (isDelayed && row.status === "scheduled" && this.#isEarly(row))
        return await this.#executions.requeue(row);
      if (isDelayed && files.isRestoring) return await this.#executions.setStatus(row.id, "queued");
    }
    await this.#run(row, { parameters, dryRun: operation.dry_run });
  }

  #drop(id: string, reason: string): void {
    console.log(`${this.#context.clock.stamp()} INFO [${id}] a delivered execution is dropped: ${reason}`);
  }

  #isEarly(row: ExecutionRow): boolean {
    return (
      row.scheduled_for !== null &&
      row.scheduled_for.getTime() - earlyToleranceMs > this.#context.clock.nowMs()
    );
  }

  /** What the REST service answers the worker's own calls with in the published software; the row then stays as it is. */
  async #ensureAccepted(row: ExecutionRow, bypassMaintenance: boolean): Promise<void> {
    const offMs = Math.abs((row.scheduled_for?.getTime() ?? 0) - this.#context.clock.nowMs());
    if (row.status === "scheduled" && offMs >= tokenWindowMs)
      throw new Error(`401 for execution ${row.id}: its token is not accepted ${offMs} ms off its time`);
    if (!bypassMaintenance && (await this.#maintenance.refresh()) === "activated")
      throw new Error(`503 for execution ${row.id}: maintenance_mode_active`);
  }

  /** Delivered again although it had started: its worker went away. */
  async #interrupted(row: ExecutionRow): Promise<void> {
    if (this.#running.has(row.id)) return;
    const { logs, files } = this.#context;
    const error = "interrupted: the management worker stopped while the workflow ran";
    await this.#executions.setStatus(row.id, "failed", error);
    await logs.log({ executionId: row.id }, "ERROR", error);
    if (row.workflow_id === "restore_snapshot") await files.remove(files.restoreMarker);
    await this.#executions.dequeue();
  }

  async #run(row: ExecutionRow, given: Pick<Run, "parameters" | "dryRun">): Promise<void> {
    const { logs } = this.#context;
    if (row.status.endsWith("cancelling")) return await this.#end(row, "cancelled");
    if (!(await this.#executions.begin(row))) {
      await logs.log({ executionId: row.id }, "INFO", `Execution ${row.id} is queued: it may not start now`);
      return;
    }
    const cancelled = new AbortController();
    const ended = new AbortController();
    this.#running.add(row.id);
    void this.#watchForCancel(row.id, cancelled, ended.signal);
    try {
      await this.#workflows.run({ row, ...given, signal: cancelled.signal });
      await this.#end(row, "terminated");
    } catch (thrown) {
      if (thrown instanceof CancelledError) await this.#end(row, "cancelled");
      else await this.#end(row, "failed", messageOf(thrown));
    } finally {
      ended.abort();
      this.#running.delete(row.id);
    }
  }

  async #end(row: ExecutionRow, status: "terminated" | "failed" | "cancelled", error = ""): Promise<void> {
    const { logs } = this.#context;
    const event = {
      terminated: "workflow_succeeded",
      failed: "workflow_failed",
      cancelled: "workflow_cancelled",
    };
    const words = { terminated: "succeeded", failed: `failed: ${error}`, cancelled: "was cancelled" };
    await logs.event(row.id, event[status], `'${row.workflow_id}' workflow execution ${words[status]}`);
    if (status === "failed") await logs.log({ executionId: row.id }, "ERROR", error);
    await this.#executions.setStatus(row.id, status, error);
    await this.#executions.dequeue();
  }

  async #watchForCancel(id: string, cancelled: AbortController, ended: AbortSignal): Promise<void> {
    const pollMs = 200;
    while (!ended.aborted) {
      await sleep(pollMs);
      const row = await findExecution(this.#context.database, id).catch(() => undefined);
      if (row?.status.endsWith("cancelling") === true) cancelled.abort();
    }
  }
}
