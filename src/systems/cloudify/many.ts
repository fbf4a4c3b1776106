import type { Operation, Scale } from "../../core/system.ts";
import type { Clients } from "./clients.ts";
import { runLater } from "./executions.ts";

/** Many executions that become due one after the other once the manager is restored: how exact are their times? */

interface Plan {
  readonly perTenant: number;
  /** From the first of them until the first is due: enough to write them all, take the snapshot and restore it. */
  readonly leadSeconds: number;
  /** Over all tenants; fewer than the manager can run, so that lateness is of the schedule and not of a crowd. */
  readonly duePerSecond: number;
}

const plans: Readonly<Record<Scale, Plan>> = {
  small: { perTenant: 50, leadSeconds: 75, duePerSecond: 5 },
  medium: { perTenant: 500, leadSeconds: 150, duePerSecond: 10 },
  large: { perTenant: 5_000, leadSeconds: 900, duePerSecond: 20 },
};

/** Deployments of each tenant that they are spread over: two of one deployment do not run side by side. */
export const deploymentsOfMany = 12;

/** The executions of one tenant; `place` is the tenant's place among `tenants`, which take turns in being due. */
export function manyScheduled(
  clients: Clients,
  tenant: string,
  {
    scale,
    place,
    tenants,
    beginsAt,
  }: {
    readonly scale: Scale;
    readonly place: number;
    readonly tenants: number;
    /** The moment that all times are counted from, the same for every tenant. */
    readonly beginsAt: () => number;
  },
): Operation[] {
  const { perTenant, leadSeconds, duePerSecond } = plans[scale];
  return Array.from({ length: perTenant }, (_, n) =>
    runLater(
      clients,
      { tenant, ref: `many-${n}`, deployment: `deployment-${n % deploymentsOfMany}`, workflow: "nightly" },
      { afterSeconds: leadSeconds + (n * tenants + place) / duePerSecond, beginsAt },
    ),
  );
}
