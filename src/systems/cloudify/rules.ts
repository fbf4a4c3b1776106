import { setTimeout as sleep } from "node:timers/promises";
import type { Operation } from "../../core/system.ts";
import type { Schedule } from "../../core/tables.ts";
import type { Clients } from "./clients.ts";
import { idIn } from "./records.ts";

/**
 * Schedules as managers of 5.3 and later keep them: a row with a rule, looked at every few seconds, and nothing in the
 * broker. What was missed is made up for with one execution, if it is not later than its slip and a minute.
 */

/** Carried in the parameters of every execution that a schedule starts. */
export const ruleParameter = "schedule_ref";

interface RulePlan {
  readonly ref: string;
  readonly tenant: string;
  readonly workflow: "nightly" | "broken";
  /** From the call until the first time, in seconds. */
  readonly afterSeconds: number;
  /** Seconds between two times; one single time where it is left out. */
  readonly everySeconds?: number;
  readonly count?: number;
  readonly enabled?: boolean;
  readonly stopsOnFailure?: boolean;
  readonly slipMinutes?: number;
  /** Executions in all that are allowed, where that is not `count`. */
  readonly executions?: number;
}

const deployment = "deployment-0";
const cycleSeconds = 20;
const farAwaySeconds = 6 * 3600;
const secondMs = 1000;
const disabledLimitMs = 30_000;
const pollMs = 500;

/** The schedules of one tenant, each the published case that its name begins with; those that end come to their end first. */
export function ruleRows(
  clients: Clients,
  tenant: string,
  { overdueSeconds, futureSeconds }: { readonly overdueSeconds: number; readonly futureSeconds: number },
): Operation[] {
  const failing: RulePlan = {
    ...{ ref: "R7-stops-on-failure", tenant, workflow: "broken" as const, afterSeconds: 2 },
    ...{ everySeconds: 3, stopsOnFailure: true, executions: 1 },
  };
  const nightly = { tenant, workflow: "nightly" } as const;
  const rows: RulePlan[] = [
    { ...nightly, ref: "R4-has-run-twice", afterSeconds: 1, everySeconds: 2, count: 2 },
    { ...nightly, ref: "R6-disabled", afterSeconds: 1, everySeconds: 10, enabled: false, executions: 0 },
    failing,
  ];
  const later: RulePlan[] = [
    { ...nightly, ref: "R1-every-20-s", afterSeconds: cycleSeconds, everySeconds: cycleSeconds },
    { ...nightly, ref: "R4-counted", afterSeconds: cycleSeconds, everySeconds: cycleSeconds, count: 100 },
    { ...nightly, ref: "R2-overdue-within-slip", afterSeconds: overdueSeconds, slipMinutes: 10 },
    { ...nightly, ref: "R1-to-come", afterSeconds: futureSeconds },
    { ...nightly, ref: "R1-far-away", afterSeconds: farAwaySeconds },
  ];
  return [
    ...rows.map((row) => putRule(clients, row)),
    untilDisabled(clients, failing),
    ...later.map((row) => putRule(clients, row)),
  ];
}

/** The time is set when the call is made, on a whole second. */
function putRule({ manager, ledger }: Clients, plan: RulePlan): Operation {
  const { ref, tenant, workflow, afterSeconds, everySeconds, count, slipMinutes = 0 } = plan;
  const id = idIn(tenant, ref);
  let firstAt: number | undefined;
  const first = () => (firstAt ??= Math.ceil(Date.now() / secondMs + afterSeconds) * secondMs);
  return {
    facts: () => [{ kind: "schedule", id, op: "create", digest: null }],
    perform: async () => {
      ledger.addRule({ ref: id, tenant, firstAt: first(), isCycle: everySeconds !== undefined });
      const body = {
        workflow_id: workflow,
        since: naiveTime(first()),
        ...(everySeconds === undefined ? { count: 1 } : { recurrence: `${everySeconds} sec` }),
        ...(count === undefined ? {} : { count }),
        slip: slipMinutes,
        stop_on_fail: plan.stopsOnFailure ?? false,
        enabled: plan.enabled ?? true,
        parameters: { [ruleParameter]: ref },
        execution_arguments: { allow_custom_parameters: true },
      };
      const path = `/execution-schedules/${ref}?deployment_id=${deployment}`;
      await manager.call({ method: "PUT", path, tenant, body });
    },
    schedules: () => [scheduleOf(plan, first())],
  };
}

function scheduleOf(plan: RulePlan, dueAt: number): Omit<Schedule, "registered_at"> {
  const { ref, tenant, everySeconds, executions, count } = plan;
  const common = { id: idIn(tenant, ref), due_at: dueAt };
  if (everySeconds === undefined)
    return { ...common, policy: "fire-late", repetitions: null, interval_ms: null };
  const repetitions = executions ?? count ?? null;
  return { ...common, policy: "cycle", repetitions, interval_ms: everySeconds * secondMs };
}

/** `YYYY-MM-DD HH:MM:SS`, in UTC. */
function naiveTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ");
}

/** Nothing is written by the caller: the manager itself disables what failed, and the snapshot must have it so. */
function untilDisabled({ manager }: Clients, { tenant, ref }: Pick<RulePlan, "tenant" | "ref">): Operation {
  return {
    facts: () => [],
    perform: async () => {
      const endsAt = performance.now() + disabledLimitMs;
      const path = `/execution-schedules/${ref}?deployment_id=${deployment}`;
      while ((await manager.get(path, tenant))["enabled"] !== false) {
        if (performance.now() > endsAt)
          throw new Error(`schedule ${ref} of ${tenant} was not disabled within ${disabledLimitMs} ms`);
        await sleep(pollMs);
      }
    },
  };
}
