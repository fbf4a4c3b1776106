import { setTimeout as sleep } from "node:timers/promises";
import type { Operation, Workload } from "../../core/system.ts";
import type { Clients } from "./clients.ts";
import { runNow, untilEffect } from "./executions.ts";
import { matrixEndings } from "./matrix.ts";
import { defaultTenant } from "./manager-client.ts";
import { idIn, textOf } from "./records.ts";
import {
  blueprintOf,
  isQuiet,
  otherTenant,
  planOf,
  secretOf,
  tenantsOf,
  type WorkloadOptions,
} from "./workload.ts";
import { createDeployment, createTenant, createUser, putSecret, uploadBlueprint } from "./writer.ts";

/** The first commands of a started manager, and the proof that a restored one works. */

/** An execution that is due this far ahead is waited for; what waits through the whole run is hours away. */
const waitLimitMs = 30 * 60_000;
/** What would run a second time has had its chance; longer than the last seconds of the watch, in which nothing is judged. */
const quietMs = 7_000;
const startLimitMs = 10_000;
const snapshotLimitMs = 30_000;
const pollMs = 250;

/** One question to each part that can fail alone: the service, the database behind each list, the broker behind an execution. */
export function probeWorkload(clients: Clients): Workload {
  const { manager } = clients;
  const reads = [
    "/status",
    "/blueprints",
    "/deployments",
    "/secrets",
    "/executions",
    "/snapshots",
    "/events",
  ];
  const operations = [
    ...reads.map((path) => probe(`GET ${path}`, async () => void (await manager.call({ path })))),
    probe("dry run", async () => {
      const body = { deployment_id: "deployment-0", workflow_id: "nightly", dry_run: true, queue: true };
      const id = textOf((await manager.call({ method: "POST", path: "/executions", body })) as never, "id");
      await untilStatus(clients, { path: `/executions/${id}`, wanted: "terminated" }, startLimitMs);
    }),
  ];
  return { operations: operations.length, lanes: [operations] };
}

function probe(id: string, perform: () => Promise<void>): Operation {
  return { facts: () => [{ kind: "command", id, op: "create", digest: null }], perform };
}

/** One of each kind is made and worked with; what is due soon is waited for. */
export function againWorkload({ clients, random, name, clock }: WorkloadOptions): Workload {
  const blueprint = blueprintOf(clients, defaultTenant, "again-blueprint");
  const deployment = {
    tenant: defaultTenant,
    id: "again-deployment",
    blueprint: blueprint.id,
    inputs: { site: "lima" },
  };
  const writes = [
    ...(clock === "right" ? [] : [stepClock(clients, clockSteps[clock])]),
    createTenant(clients, "again-tenant"),
    createUser(clients, { username: "again-user", tenant: otherTenant, role: "user" }),
    putSecret(clients, secretOf(otherTenant, "again-secret", random)),
    uploadBlueprint(clients, blueprint),
    createDeployment(clients, deployment),
    leavesEffect(clients, { ...planOf(defaultTenant, "again-new"), deployment: deployment.id }),
    leavesEffect(clients, { ...planOf(defaultTenant, "again-old"), deployment: "deployment-2" }),
    leavesEffect(clients, { ...planOf(otherTenant, "again-old"), deployment: "deployment-2" }),
  ];
  const ended = name === "matrix" ? tenantsOf(name).flatMap((tenant) => matrixEndings(clients, tenant)) : [];
  // A snapshot is refused while anything runs, and of many there is always one.
  const last = name === "many" ? [quietWindow(clients), secondSnapshot(clients)] : [secondSnapshot(clients)];
  const quiet = isQuiet(name) || name === "many" ? [] : [quietWindow(clients)];
  const lanes = [[...writes, ...last, ...quiet, ...ended]];
  return { operations: lanes.flat().length, lanes };
}

const clockSteps = { "steps-ahead": 90_000, "steps-back": -90_000 } as const;

/** The manager's own clock is another from now on; database, broker and everybody else keep the time. */
function stepClock({ manager }: Clients, offsetMs: number): Operation {
  return {
    facts: () => [{ kind: "clock-step", id: `${offsetMs} ms`, op: "create", digest: null }],
    perform: async () => {
      const body = { offset_ms: offsetMs };
      await manager.call({ method: "PUT", path: "/stand-in/clock", isOfStandIn: true, body });
    },
  };
}

/** Acknowledged only once the world outside has seen it. */
function leavesEffect(clients: Clients, plan: Parameters<typeof runNow>[1]): Operation {
  const run = runNow(clients, plan);
  return {
    facts: (seq) => run.facts(seq),
    perform: async (seq) => {
      await run.perform(seq);
      await untilEffect(clients, idIn(plan.tenant, plan.ref), startLimitMs);
    },
  };
}

/** The restored manager can be backed up itself. */
function secondSnapshot(clients: Clients): Operation {
  const path = "/snapshots/again-snapshot";
  return {
    facts: () => [{ kind: "snapshot", id: "again-snapshot", op: "create", digest: null }],
    perform: async () => {
      const body = { include_credentials: true, include_logs: true, include_events: true, queue: true };
      await clients.manager.call({ method: "PUT", path, body });
      await untilStatus(clients, { path, wanted: "created" }, snapshotLimitMs);
      const { status, bytes } = await clients.manager.ask({ path: `${path}/archive` });
      if (status !== 200 || bytes.length === 0) throw new Error(`its archive was answered with ${status}`);
    },
  };
}

/**
 * Lets what is due soon become due, and a quiet time pass after it. Whether it ran, once and not early, is for the
 * invariants to say.
 */
function quietWindow({ ledger }: Clients): Operation {
  return {
    facts: () => [{ kind: "quiet-window", id: "after the last due time", op: "create", digest: null }],
    perform: async () => {
      const now = Date.now();
      const soon = ledger.dueTimes().filter((dueAt) => dueAt < now + waitLimitMs);
      await sleep(Math.max(0, Math.max(...soon) - now) + quietMs);
    },
  };
}

async function untilStatus(
  { manager }: Clients,
  { path, wanted }: { readonly path: string; readonly wanted: string },
  limitMs: number,
): Promise<void> {
  const endsAt = performance.now() + limitMs;
  for (;;) {
    const status = textOf(await manager.get(path), "status");
    if (status === wanted) return;
    if (["failed", "cancelled", "terminated"].includes(status))
      throw new Error(`${path} is ${status}, expected ${wanted}`);
    if (performance.now() > endsAt) throw new Error(`${path} is still ${status}`);
    await sleep(pollMs);
  }
}
