import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Operation } from "../../core/system.ts";
import type { Schedule } from "../../core/tables.ts";
import type { Clients } from "./clients.ts";
import { effectsAfter } from "./effects.ts";
import { passwordName } from "./writer.ts";
import { executionDigest, idIn, referenceParameter, textOf } from "./records.ts";

/** Executions that start at once, and those that are to start at a time. */

/** The published procedure: what became due while the manager was down is failed, and a line in the log says so. */
const overduePolicy = "refuse-with-message";
const secondMs = 1000;
const endLimitMs = 30_000;
const pollMs = 150;

const startedSchema = z.object({ id: z.string(), status: z.string() });

export interface ExecutionPlan {
  readonly ref: string;
  readonly tenant: string;
  readonly deployment: string;
  readonly workflow: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly isDryRun?: boolean;
  /** Seconds that a failed execution's worker waits; the product's default is 600. */
  readonly waitAfterFailSeconds?: number;
  /** Who asks for it; the administrator where it is left out. */
  readonly as?: string;
  /** Zone in which the time is written, `+0000` where it is left out; an empty one is against the product's own rule. */
  readonly offset?: string;
}

/** An execution that starts at once; acknowledged once it has ended as `ending` says. */
export function runNow(
  clients: Clients,
  plan: ExecutionPlan,
  ending: "terminated" | "failed" = "terminated",
): Operation {
  return {
    facts: () => [factOf(plan, null)],
    perform: async () => {
      const executionId = await start(clients, plan, undefined);
      const endsAt = performance.now() + endLimitMs;
      for (;;) {
        const status = textOf(await clients.manager.get(`/executions/${executionId}`, plan.tenant), "status");
        if (status === ending) return;
        if (["terminated", "failed", "cancelled"].includes(status))
          throw new Error(`execution ${plan.ref} is ${status}, expected ${ending}`);
        if (performance.now() > endsAt) throw new Error(`execution ${plan.ref} is still ${status}`);
        await sleep(pollMs);
      }
    },
  };
}

/**
 * An execution that is to start later. The time is set when the call is made, on a whole second.
 * @param isJudged false where its time is so far away that nothing of the run can tell
 */
export function runLater(
  clients: Clients,
  plan: ExecutionPlan,
  {
    afterSeconds,
    isJudged = true,
    pace = () => 1,
    beginsAt = Date.now,
  }: {
    readonly afterSeconds: number;
    readonly isJudged?: boolean;
    /** Factor for the time, asked for with the call. */
    readonly pace?: () => number;
    /** Milliseconds that the time is counted from; the call itself where it is left out. */
    readonly beginsAt?: () => number;
  },
): Operation {
  let dueAt: number | undefined;
  const due = () => (dueAt ??= Math.ceil(beginsAt() / secondMs + afterSeconds * pace()) * secondMs);
  return {
    facts: () => [factOf(plan, due())],
    perform: async () => {
      await start(clients, plan, due());
    },
    schedules: () => (isJudged ? [scheduleOf(idIn(plan.tenant, plan.ref), due())] : []),
  };
}

/** Cancels what was to start later. */
export function cancelScheduled({ manager, ledger }: Clients, plan: ExecutionPlan): Operation {
  let dueAt: number | null = null;
  return {
    facts: () => {
      dueAt = ledger.execution(idIn(plan.tenant, plan.ref))?.dueAt ?? dueAt;
      return [{ ...factOf(plan, dueAt), op: "update" as const }];
    },
    perform: async () => {
      const known = ledger.execution(idIn(plan.tenant, plan.ref));
      const path = `/executions/${known?.executionId ?? "unknown"}`;
      await manager.call({ method: "POST", path, tenant: plan.tenant, body: { action: "cancel" } });
    },
  };
}

/** Waits until an execution has left its effect, which it must within `limitMs`. */
export async function untilEffect({ effects }: Clients, id: string, limitMs: number): Promise<void> {
  const endsAt = performance.now() + limitMs;
  let seen = 0;
  while (performance.now() < endsAt) {
    for (const { n, tenant, parameters } of await effectsAfter(effects, seen, secondMs)) {
      seen = n;
      const ref = parameters?.[referenceParameter];
      if (typeof ref === "string" && idIn(tenant, ref) === id) return;
    }
  }
  throw new Error(`${id} left no effect within ${limitMs} ms`);
}

function scheduleOf(id: string, dueAt: number): Omit<Schedule, "registered_at"> {
  return { id, due_at: dueAt, policy: overduePolicy, repetitions: null, interval_ms: null };
}

/** What the blueprint gives a workflow where nothing else is asked for: the manager keeps it with the execution. */
const workflowDefaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  nightly: { note: "" },
  slow: { seconds: 2 },
};

function parametersOf({ ref, workflow, parameters }: ExecutionPlan): Record<string, unknown> {
  return { ...workflowDefaults[workflow], [referenceParameter]: ref, ...parameters };
}

function factOf(plan: ExecutionPlan, dueAt: number | null) {
  const { ref, tenant, deployment, workflow, isDryRun = false } = plan;
  const digest = executionDigest({
    ...{ tenant, workflow, deployment, isDryRun, dueAt },
    parameters: parametersOf(plan),
  });
  return { kind: "execution", id: idIn(tenant, ref), op: "create" as const, digest };
}

async function start(
  { manager, ledger, secret }: Clients,
  plan: ExecutionPlan,
  dueAt: number | undefined,
): Promise<string> {
  const { ref, tenant, deployment, workflow, isDryRun = false, waitAfterFailSeconds, as } = plan;
  const answer = await manager.call({
    method: "POST",
    path: "/executions",
    tenant,
    ...(as === undefined ? {} : { as: { username: as, password: secret(passwordName(as)) } }),
    body: {
      deployment_id: deployment,
      workflow_id: workflow,
      parameters: parametersOf(plan),
      allow_custom_parameters: true,
      force: false,
      dry_run: isDryRun,
      queue: false,
      ...(waitAfterFailSeconds === undefined ? {} : { wait_after_fail: waitAfterFailSeconds }),
      ...(dueAt === undefined ? {} : { scheduled_time: scheduledTime(dueAt, plan.offset) }),
    },
  });
  const { id } = startedSchema.parse(answer);
  ledger.addExecution({
    ...{ ref: idIn(tenant, ref), executionId: id, tenant, isDryRun },
    dueAt: dueAt ?? null,
  });
  return id;
}

/** `YYYYMMDDHHMMSS+0000` or in another zone; the product's own grain is minutes, the stand-in also takes seconds. */
export function scheduledTime(dueAt: number, offset = "+0000"): string {
  const [, sign, hours = "0", minutes = "0"] = /^([+-])(\d\d)(\d\d)$/.exec(offset) ?? [];
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60 * secondMs * (sign === "-" ? -1 : 1);
  const digits = new Date(dueAt + offsetMs).toISOString().replaceAll(/[-:T]/g, "");
  return `${digits.slice(0, 14)}${offset}`;
}
