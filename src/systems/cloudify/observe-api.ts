import type { Seen } from "../../core/system.ts";
import type { Clients } from "./clients.ts";
import { defaultTenant, type Item } from "./manager-client.ts";
import {
  deploymentDigest,
  digestOf,
  executionDigest,
  idIn,
  referenceOf,
  secretDigest,
  sha256Of,
  textOf,
  timeOf,
} from "./records.ts";

/** What the manager serves through its public API, and to whom. */

const firstAdmin = "admin";
const unauthorized = 401;
const forbidden = [401, 403, 404];

export function seen(kind: string, id: string, digest: string | null, bytes: number | null = null): Seen {
  return { table: "observations", kind, id, digest, seq: null, bytes };
}

export async function* observeApi(clients: Clients): AsyncIterable<Seen> {
  yield* observeAccounts(clients);
  yield* observeResources(clients);
  yield* observeExecutions(clients);
  yield* observeLogins(clients);
  yield* observeRights(clients);
  yield* observeState(clients);
}

async function* observeAccounts({ manager }: Clients): AsyncIterable<Seen> {
  for await (const item of manager.list("/tenants")) {
    const tenant = textOf(item, "name");
    if (tenant !== defaultTenant) yield seen("tenant", tenant, digestOf({ tenant }));
  }
  for await (const item of manager.list("/users")) {
    const username = textOf(item, "username");
    if (username === firstAdmin) continue;
    yield seen("user", username, digestOf({ username }));
    for (const [tenant, role] of Object.entries(rolesOf(item)))
      yield seen("membership", `${username}@${tenant}`, digestOf({ role }));
  }
}

function rolesOf(user: Item): Record<string, unknown> {
  const tenants = Object.entries((user["tenants"] ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    tenants.map(([tenant, role]) => [
      tenant,
      typeof role === "object" && role !== null ? Reflect.get(role, "tenant-role") : role,
    ]),
  );
}

async function* observeResources({ manager }: Clients): AsyncIterable<Seen> {
  for await (const item of manager.listEverywhere("/blueprints")) {
    const [tenant, id] = [textOf(item, "tenant_name"), textOf(item, "id")];
    const description = textOf(item, "description");
    yield seen("blueprint", idIn(tenant, id), digestOf({ tenant, id, description }));
    const { status, bytes } = await manager.ask({ path: `/blueprints/${id}/archive`, tenant });
    if (status === 200) yield seen("blueprint-archive", idIn(tenant, id), sha256Of(bytes), bytes.length);
  }
  for await (const item of manager.listEverywhere("/deployments")) {
    const [tenant, id] = [textOf(item, "tenant_name"), textOf(item, "id")];
    const blueprint = textOf(item, "blueprint_id");
    const digest = deploymentDigest({ tenant, id, blueprint, inputs: item["inputs"] });
    yield seen("deployment", idIn(tenant, id), digest);
  }
  for await (const item of manager.listEverywhere("/secrets")) {
    const [tenant, key] = [textOf(item, "tenant_name"), textOf(item, "key")];
    const { status, bytes } = await manager.ask({ path: `/secrets/${key}`, tenant });
    // A value that cannot be decrypted is a secret with another content, not one that could not be read.
    const value = status === 200 ? valueOf(bytes) : `answered ${status}`;
    yield seen("secret", idIn(tenant, key), secretDigest({ tenant, key, value }));
    // Apart from the secret: its digest is compared with what the database holds, which must not be the same.
    yield seen("secret-value", idIn(tenant, key), sha256Of(Buffer.from(value)));
  }
}

function valueOf(bytes: Buffer): string {
  const value: unknown = JSON.parse(bytes.toString("utf8"));
  return String(typeof value === "object" && value !== null ? Reflect.get(value, "value") : "");
}

async function* observeExecutions({ manager }: Clients): AsyncIterable<Seen> {
  for await (const item of manager.listEverywhere("/executions")) {
    const ref = referenceOf(item);
    if (ref === undefined) continue;
    const tenant = textOf(item, "tenant_name");
    const digest = executionDigest({
      tenant,
      workflow: textOf(item, "workflow_id"),
      deployment: textOf(item, "deployment_id"),
      parameters: item["parameters"],
      isDryRun: item["is_dry_run"] === true,
      dueAt: timeOf(item["scheduled_for"]),
    });
    yield seen("execution", idIn(tenant, ref), digest);
  }
}

/** Everybody who was ever given a password tries it. */
async function* observeLogins({ manager, ledger, secret }: Clients): AsyncIterable<Seen> {
  for (const { username, secret: name, tenant } of ledger.users()) {
    const as = { username, password: secret(name) };
    const { status } = await manager.ask({ path: "/blueprints", tenant, as });
    if (status !== unauthorized) yield seen("login", username, digestOf("accepted"));
  }
}

/** What each user may see of each tenant, and whether it may start an execution in its own. */
async function* observeRights({ manager, ledger, secret }: Clients): AsyncIterable<Seen> {
  const tenants = new Set([defaultTenant, ...ledger.users().map(({ tenant }) => tenant)]);
  for (const { username, secret: name, tenant } of ledger.users()) {
    const as = { username, password: secret(name) };
    for (const other of tenants) {
      const { status } = await manager.ask({ path: "/blueprints", tenant: other, as });
      yield seen("right", `${username} reads ${other}`, forbidden.includes(status) ? "refused" : "allowed");
    }
    const body = { deployment_id: "no-such-deployment", workflow_id: "nightly" };
    const answer = await manager.ask({ method: "POST", path: "/executions", tenant, as, body });
    // Who may start is told that there is no such deployment; who may not, that it is not permitted.
    yield seen("right", `${username} executes in ${tenant}`, answer.status === 404 ? "allowed" : "refused");
  }
}

/** What became of every restore, by its execution: `/snapshot-status` says nothing about success. */
async function* observeState({ manager }: Clients): AsyncIterable<Seen> {
  for (const [workflow, kind] of [
    ["restore_snapshot", "restore-execution"],
    ["create_snapshot", "snapshot-execution"],
  ] as const) {
    const query = { workflow_id: workflow, _include_system_workflows: "True" };
    for await (const item of manager.listEverywhere("/executions", query))
      yield seen(kind, textOf(item, "id"), `${textOf(item, "status")} ${textOf(item, "error")}`.trim());
  }
  yield seen("manager-state", "maintenance", textOf(await manager.get("/maintenance"), "status"));
  yield seen("manager-state", "snapshot-status", textOf(await manager.get("/snapshot-status"), "status"));
}
