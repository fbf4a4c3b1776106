import type { Operation, Scale } from "../../core/system.ts";
import type { Clients } from "./clients.ts";
import { runLater } from "./executions.ts";

/** Many executions that become due one after the other once the manager is restored: how exact are their times? */

interface Plan {
  readonly perTenant: number;
  /** From the first call until a few are due, while the manager is down: enough to write them all and take the snapshot. */
  readonly overdueSeconds: number;
  /** From the first call until the first of the many is due: enough to restore the snapshot, too. */
  readonly leadSeconds: number;
  /** Over all tenants; fewer than the manager can run, so that lateness is of the schedule and not of a crowd. */
  readonly duePerSecond: number;
}

const plans: Readonly<Record<Scale, Plan>> = {
  small: { perTenant: 50, overdueSeconds: 30, leadSeconds: 90, duePerSecond: 5 },
  medium: { perTenant: 500, overdueSeconds: 60, leadSeconds: 150, duePerSecond: 10 },
  large: { perTenant: 5_000, overdueSeconds: 270, leadSeconds: 640, duePerSecond: 30 },
};
const overduePerTenant = 2;

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
    pace,
  }: {
    readonly scale: Scale;
    readonly place: number;
    readonly tenants: number;
    /** The moment that all times are counted from, the same for every tenant. */
    readonly beginsAt: () => number;
    /** Factor for the times of overdue and lead: what a slow machine needs. */
    readonly pace: () => number;
  },
): Operation[] {
  const { perTenant, overdueSeconds, leadSeconds, duePerSecond } = plans[scale];
  const later = (name: string, n: number, [slow, steady]: readonly [number, number]) => {
    const deployment = `deployment-${n % deploymentsOfMany}`;
    const plan = { tenant, ref: `${name}-${n}`, deployment, workflow: "nightly" };
    // Only the first part grows with the pace: how many are due in a second stays as it is.
    const begin = () => beginsAt() + slow * pace() * 1000;
    return runLater(clients, plan, { afterSeconds: steady, beginsAt: begin });
  };
  return [
    ...Array.from({ length: overduePerTenant }, (_, n) => later("due-while-down", n, [overdueSeconds, 0])),
    ...Array.from({ length: perTenant }, (_, n) =>
      later("many", n, [leadSeconds, (n * tenants + place) / duePerSecond]),
    ),
  ];
}
