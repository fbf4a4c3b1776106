import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Plan } from "./blueprint.ts";
import type { Context } from "./context.ts";
import type { ExecutionRow } from "./execution-row.ts";

export class CancelledError extends Error {}

/** One execution under way. */
export interface Run {
  readonly row: ExecutionRow;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

type SystemWorkflow = (run: Run) => Promise<void>;

const waitParametersSchema = z.looseObject({ seconds: z.coerce.number().default(1) });
const effectLimitMs = 10_000;

/** The small workflows that this stand-in runs, and the system's own. */
export class Workflows {
  readonly #context: Context;
  readonly #system: Readonly<Record<string, SystemWorkflow>>;

  constructor(context: Context, system: Readonly<Record<string, SystemWorkflow>>) {
    this.#context = context;
    this.#system = system;
  }

  /** @throws CancelledError, or Error with what becomes the execution's error */
  async run(run: Run): Promise<void> {
    const { row } = run;
    const { logs } = this.#context;
    const dry = run.dryRun ? " (dry run)" : "";
    await logs.event(row.id, "workflow_started", `Starting '${row.workflow_id}' workflow execution${dry}`);
    const system = this.#system[row.workflow_id];
    if (row.is_system_workflow && system !== undefined) return await system(run);
    const operation = await this.#operationOf(row);
    if (run.dryRun)
      return await logs.log({ executionId: row.id }, "INFO", `Dry run of ${operation}: nothing is done`);
    await this.#leaveEffect(run);
    await this.#operate(run, operation);
  }

  async #operationOf(row: ExecutionRow): Promise<string> {
    const deployment = await this.#context.database.row<{ workflows: Plan["workflows"] }>(
      "SELECT workflows FROM deployments WHERE _storage_id = $1",
      [row._deployment_fk],
    );
    const workflow = deployment?.workflows.find(({ name }) => name === row.workflow_id);
    if (workflow === undefined)
      throw new Error(`Workflow ${row.workflow_id} does not exist in its deployment`);
    return workflow.operation;
  }

  /** Tells the world outside, once for each run. */
  async #leaveEffect({ row, parameters }: Run): Promise<void> {
    const { config, clock } = this.#context;
    const effect = {
      execution_id: row.id,
      workflow_id: row.workflow_id,
      deployment_id: row.deployment_id,
      tenant: row.tenant_name,
      parameters,
      host: config.hostname,
      wall_at: clock.stamp(),
      monotonic_ms: Math.round(performance.now()),
    };
    const answer = await fetch(`${config.effectsUrl}/effects`, {
      method: "POST",
      body: JSON.stringify(effect),
      signal: AbortSignal.timeout(effectLimitMs),
    });
    if (!answer.ok) throw new Error(`the effect was not taken: ${answer.status}`);
  }

  async #operate(run: Run, operation: string): Promise<void> {
    const { row } = run;
    const { logs } = this.#context;
    switch (operation) {
      case "wait": {
        const { seconds } = waitParametersSchema.parse(run.parameters);
        await sleep(seconds * 1000, undefined, { signal: run.signal }).catch(() => {
          throw new CancelledError();
        });
        return;
      }
      case "fail":
        throw new Error(`Workflow ${row.workflow_id} failed, as it is made to`);
      case "cloudify.plugins.workflows.install":
        return await this.#setInstances(row, "started");
      case "cloudify.plugins.workflows.uninstall":
        return await this.#setInstances(row, "deleted");
      default:
        await logs.log({ executionId: row.id }, "INFO", `${row.workflow_id} left its effect`);
    }
  }

  async #setInstances(row: ExecutionRow, state: string): Promise<void> {
    const properties = state === "started" ? { installed_by: row.id } : {};
    await this.#context.database.rows(
      `UPDATE node_instances SET state = $2, version = version + 1, runtime_properties = $3
       WHERE _node_fk IN (SELECT _storage_id FROM nodes WHERE _deployment_fk = $1)`,
      [row._deployment_fk, state, JSON.stringify(properties)],
    );
  }
}
