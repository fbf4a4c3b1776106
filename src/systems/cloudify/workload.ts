import { setTimeout as sleep } from "node:timers/promises";
import { MusterError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { Operation, Scale, Workload } from "../../core/system.ts";
import type { Clients } from "./clients.ts";
import { cancelScheduled, runLater, runNow, type ExecutionPlan } from "./executions.ts";
import { deploymentsOfMany, manyScheduled } from "./many.ts";
import { matrixRows, type Times } from "./matrix.ts";
import { defaultTenant } from "./manager-client.ts";
import { ruleRows } from "./rules.ts";
import {
  changeSecret,
  createDeployment,
  createTenant,
  createUser,
  deleteBlueprint,
  deleteSecret,
  putSecret,
  uploadBlueprint,
  type Blueprint,
} from "./writer.ts";

/** What is written before a snapshot and after it. */

export const workloadNames = [
  "snapshot",
  "scheduled",
  "tenants",
  "matrix",
  "many",
  "rules",
  "blueprints",
] as const;
export type WorkloadName = (typeof workloadNames)[number];

/** Workloads in which nothing becomes due during the run. */
export function isQuiet(name: WorkloadName): boolean {
  return name === "snapshot" || name === "blueprints";
}

/** Tenants of each workload; the same ids are used in all of them. */
export function tenantsOf(name: WorkloadName): readonly string[] {
  return name === "tenants"
    ? [defaultTenant, otherTenant, "lab.2", "night-shift"]
    : [defaultTenant, otherTenant];
}

/** What the restored manager's clock does once scheduled executions are in the queue again. */
export const clockNames = ["right", "steps-ahead", "steps-back"] as const;
export type ClockName = (typeof clockNames)[number];

export interface WorkloadOptions {
  readonly clients: Clients;
  readonly random: Random;
  readonly name: WorkloadName;
  readonly clock: ClockName;
}

const factorByScale = { small: 1, medium: 10, large: 100 } as const;
/** Executions of each tenant that wait through the whole run, so that there are messages to be found at every gate. */
const waitingByScale = { small: 1, medium: 500, large: 5000 } as const;
export const otherTenant = "operations-eu";

/**
 * The times of the published example, in seconds from the moment of the call: snapshot at 03:00, restore at 06:00. Nothing is
 * due between the restore and the first answer of the restored manager, which needs a gap. Where more is written, everything
 * takes longer, and the disaster waits for the first time.
 */
const exampleTimes = { overdueSeconds: 15, futureSeconds: 49 } as const;
const longerTimes = { overdueSeconds: 40, futureSeconds: 105 } as const;
/** Seeding takes about this long on two idle cores; where it takes longer, so will the restore, and the times are further off. */
const usualSeedMs = 4_000;
/** The same up to the first of many, with their deployments. */
const usualSeedOfManyMs = 10_000;
const slowestPace = 2.5;
const stepSeconds = 2;
/** The disaster comes this long before the first time, so that what is due then is due while the manager is down. */
const leadMs = 4_000;

const farAwaySeconds = 6 * 3600;

/** Lanes run side by side; each owns its tenant's deployments. What is scheduled comes last: its time begins then. */
export function seedWorkload(options: WorkloadOptions & { readonly scale: Scale }): Workload {
  const { clients, random, name, clock, scale } = options;
  const { factor, blueprintCount, waiting } = sizesOf(name, scale);
  const beganAt = performance.now();
  // Both lanes come to what is scheduled at about the same time; the first to ask decides for all.
  let decided: number | undefined;
  const usual = name === "many" ? usualSeedOfManyMs : usualSeedMs;
  const pace = () => (decided ??= Math.min(slowestPace, Math.max(1, (performance.now() - beganAt) / usual)));
  const tenants = tenantsOf(name);
  let manyBeginAt: number | undefined;
  const lanes = tenants.map((tenant, place) => [
    ...(tenant === defaultTenant ? [] : [createTenant(clients, tenant)]),
    ...users(clients, tenant),
    ...secrets(clients, tenant, random.fork(tenant), 6 * factor),
    ...blueprints(clients, tenant, blueprintCount),
    ...ran(clients, tenant),
    ...numbered(waiting, (n) => [farAway(clients, tenant, n)]),
    ...(name === "many"
      ? manyScheduled(clients, tenant, {
          ...{ scale, place, tenants: tenants.length },
          beginsAt: () => (manyBeginAt ??= Date.now()),
          pace,
        })
      : scheduledIn(clients, tenant, { name, clock, pace })),
  ]);
  return { operations: lanes.flat().length, lanes };
}

/** What there are many of grows with the scale; in the workloads that are for figures everything beside it stays as it is. */
function sizesOf(name: WorkloadName, scale: Scale) {
  const factor = factorByScale[scale];
  const perTenant = 3;
  switch (name) {
    case "many":
      return { factor: 1, blueprintCount: deploymentsOfMany, waiting: 1 };
    case "blueprints":
      return { factor: 1, blueprintCount: perTenant * factor, waiting: 1 };
    case "rules":
      // A manager that keeps schedules has nothing in the broker that waits.
      return { factor, blueprintCount: perTenant * factor, waiting: 0 };
    default:
      return { factor, blueprintCount: perTenant * factor, waiting: waitingByScale[scale] };
  }
}

/** Written once the snapshot is taken: none of it may come back. */
export function afterWorkload({ clients, random, name }: WorkloadOptions): Workload {
  const blueprint = blueprintOf(clients, defaultTenant, "after-blueprint");
  const operations = [
    createTenant(clients, "after-tenant"),
    createUser(clients, { username: "after-user", tenant: defaultTenant, role: "user" }),
    putSecret(clients, secretOf(defaultTenant, "after-secret", random)),
    uploadBlueprint(clients, blueprint),
    createDeployment(clients, {
      tenant: defaultTenant,
      id: "after-deployment",
      blueprint: blueprint.id,
      inputs: { site: "oslo" },
    }),
    runNow(clients, { ...planOf(defaultTenant, "after-run"), deployment: "after-deployment" }),
    changeSecret(clients, secretOf(defaultTenant, "secret-1", random)),
    ...(isQuiet(name) ? [] : [untilNearlyDue(clients)]),
  ];
  return { operations: operations.length, lanes: [operations] };
}

/** Nothing is written; the operation only takes its time. */
function untilNearlyDue({ ledger }: Clients): Operation {
  return {
    facts: () => [],
    perform: async () => {
      const now = Date.now();
      const due = ledger.dueTimes().filter((dueAt) => dueAt > now);
      await sleep(Math.max(0, Math.min(...due) - leadMs - now));
    },
  };
}

/** Overdue by the time of the restore, and still to come; in one tenant a dry run and a run with parameters of its own. */
function example(
  clients: Clients,
  tenant: string,
  {
    overdueSeconds,
    futureSeconds,
    pace,
    clock,
  }: Times & { readonly pace: () => number; readonly clock: ClockName },
): Operation[] {
  // A dry run leaves no effect: when it was is told by the manager's own clock alone, so a wrong one leaves it untold.
  const later = (plan: ExecutionPlan, afterSeconds: number) =>
    runLater(clients, plan, { afterSeconds, pace, isJudged: plan.isDryRun !== true || clock === "right" });
  const [soon, alsoSoon] = [overdueSeconds, overdueSeconds + stepSeconds];
  const [late, alsoLate] = [futureSeconds, futureSeconds + stepSeconds];
  const cancelled = planOf(tenant, "cancelled");
  return [
    later(planOf(tenant, "due-while-down"), soon),
    later({ ...planOf(tenant, "also-due-while-down"), deployment: "deployment-1" }, alsoSoon),
    later(planOf(tenant, "due-later"), late),
    later(
      {
        ...planOf(tenant, "due-later-with-parameters"),
        deployment: "deployment-1",
        parameters: { note: "Übergabe 砂時計" },
        waitAfterFailSeconds: 30,
      },
      alsoLate,
    ),
    later({ ...planOf(tenant, "due-later-dry"), isDryRun: true }, alsoLate),
    runLater(clients, cancelled, { afterSeconds: farAwaySeconds, isJudged: false }),
    cancelScheduled(clients, cancelled),
  ];
}

function farAway(clients: Clients, tenant: string, n: number): Operation {
  const times = { afterSeconds: farAwaySeconds, isJudged: false };
  return runLater(clients, planOf(tenant, `far-away-${n}`), times);
}

function scheduledIn(
  clients: Clients,
  tenant: string,
  { name, clock, pace }: Pick<WorkloadOptions, "name" | "clock"> & { readonly pace: () => number },
): Operation[] {
  if (isQuiet(name)) return [];
  if (name === "rules") return ruleRows(clients, tenant, longerTimes);
  if (name === "matrix") return matrixRows(clients, tenant, longerTimes);
  const times = name === "scheduled" ? { ...exampleTimes, pace } : { ...longerTimes, pace: () => 1 };
  return example(clients, tenant, { ...times, clock });
}

export function planOf(tenant: string, ref: string): ExecutionPlan {
  return { tenant, ref, deployment: "deployment-0", workflow: "nightly" };
}

function users(clients: Clients, tenant: string): Operation[] {
  return (["user", "operations", "viewer"] as const).map((role) =>
    createUser(clients, { username: `${role}-of-${tenant}`, tenant, role }),
  );
}

function secrets(clients: Clients, tenant: string, random: Random, count: number): Operation[] {
  return numbered(count, (n) => {
    const key = `secret-${n}`;
    const first = putSecret(clients, secretOf(tenant, key, random));
    if (n % 3 === 0) return [first, changeSecret(clients, secretOf(tenant, key, random))];
    return n % 6 === 2 ? [first, deleteSecret(clients, { tenant, key })] : [first];
  });
}

export function secretOf(tenant: string, key: string, random: Random) {
  return { tenant, key, value: `Schlüssel 鍵 ${random.whole(1_000_000_000)}` };
}

/** The last of them is deleted again; every other has a deployment. */
function blueprints(clients: Clients, tenant: string, count: number): Operation[] {
  const passing = blueprintOf(clients, tenant, "deleted-blueprint");
  return [
    ...numbered(count, (n) => {
      const blueprint = blueprintOf(clients, tenant, `blueprint-${n}`);
      const inputs = { site: n % 2 === 0 ? "berlin" : "tokyo" };
      const deployment = { tenant, id: `deployment-${n}`, blueprint: blueprint.id, inputs };
      return [uploadBlueprint(clients, blueprint), createDeployment(clients, deployment)];
    }),
    uploadBlueprint(clients, passing),
    deleteBlueprint(clients, passing),
  ];
}

export function blueprintOf({ archives }: Clients, tenant: string, id: string): Blueprint {
  const n = Number(/\d+$/.exec(id)?.[0] ?? archives.length - 1);
  const archive = archives[n % archives.length];
  if (archive === undefined) throw new MusterError("HARNESS", { message: "there is no blueprint to upload" });
  return { tenant, id, archive };
}

function ran(clients: Clients, tenant: string): Operation[] {
  return [
    runNow(clients, { ...planOf(tenant, "installed"), workflow: "install" }),
    runNow(clients, planOf(tenant, "ran")),
    runNow(clients, { ...planOf(tenant, "broke"), workflow: "broken" }, "failed"),
  ];
}

function numbered(count: number, make: (n: number) => Operation[]): Operation[] {
  return Array.from({ length: count }, (_, n) => make(n)).flat();
}
