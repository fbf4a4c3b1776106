import { setTimeout as sleep } from "node:timers/promises";
import type { Operation } from "../../core/system.ts";
import { mainFile, type Archive } from "./blueprint.ts";
import type { Clients } from "./clients.ts";
import {
  textOf,
  deploymentDigest,
  digestOf,
  idIn,
  secretDigest,
  sha256Of,
  type SecretContent,
} from "./records.ts";

/** Calls that write what a manager keeps, each with the facts that it makes true. */

const environmentLimitMs = 30_000;
const pollMs = 150;

export function createTenant({ manager }: Clients, tenant: string): Operation {
  return {
    facts: () => [
      { kind: "tenant", id: tenant, op: "create", digest: digestOf({ tenant }) },
      { kind: "tenant-vhost", id: tenant, op: "create", digest: null },
    ],
    perform: async () => {
      await manager.call({ method: "POST", path: `/tenants/${tenant}`, body: {} });
    },
  };
}

export type TenantRole = "manager" | "user" | "operations" | "viewer";

/** Name of the secret that is a user's password. */
export function passwordName(username: string): string {
  return `user ${username}`;
}

/** A user with one role in one tenant; its password is a secret of the run. */
export function createUser(
  { manager, ledger, secret }: Clients,
  {
    username,
    tenant,
    role,
  }: { readonly username: string; readonly tenant: string; readonly role: TenantRole },
): Operation {
  return {
    facts: () => [
      { kind: "user", id: username, op: "create", digest: digestOf({ username }) },
      { kind: "membership", id: `${username}@${tenant}`, op: "create", digest: digestOf({ role }) },
      { kind: "login", id: username, op: "create", digest: digestOf("accepted") },
    ],
    perform: async () => {
      ledger.addUser({ username, secret: passwordName(username), tenant });
      const user = { username, password: secret(passwordName(username)), role: "default" };
      await manager.call({ method: "PUT", path: "/users", body: user });
      const membership = { tenant_name: tenant, username, role };
      await manager.call({ method: "PUT", path: "/tenants/users", body: membership });
    },
  };
}

export function putSecret({ manager }: Clients, secret: SecretContent): Operation {
  const { tenant, key, value } = secret;
  return {
    facts: () => [{ kind: "secret", id: idIn(tenant, key), op: "create", digest: secretDigest(secret) }],
    perform: async () => {
      await manager.call({ method: "PUT", path: `/secrets/${key}`, tenant, body: { value } });
    },
  };
}

export function changeSecret({ manager }: Clients, secret: SecretContent): Operation {
  const { tenant, key, value } = secret;
  return {
    facts: () => [{ kind: "secret", id: idIn(tenant, key), op: "update", digest: secretDigest(secret) }],
    perform: async () => {
      await manager.call({ method: "PATCH", path: `/secrets/${key}`, tenant, body: { value } });
    },
  };
}

export function deleteSecret({ manager }: Clients, { tenant, key }: Omit<SecretContent, "value">): Operation {
  return {
    facts: () => [{ kind: "secret", id: idIn(tenant, key), op: "delete", digest: null }],
    perform: async () => {
      await manager.call({ method: "DELETE", path: `/secrets/${key}`, tenant });
    },
  };
}

export interface Blueprint {
  readonly tenant: string;
  readonly id: string;
  readonly archive: Archive;
}

function blueprintKinds({ tenant, id, archive }: Blueprint): [string, string | null][] {
  return [
    ["blueprint", digestOf({ tenant, id, description: archive.description })],
    ["blueprint-archive", sha256Of(archive.bytes)],
    ["blueprint-folder", null],
  ];
}

export function uploadBlueprint({ manager }: Clients, blueprint: Blueprint): Operation {
  const { tenant, id, archive } = blueprint;
  return {
    facts: () =>
      blueprintKinds(blueprint).map(([kind, digest]) => ({
        kind,
        id: idIn(tenant, id),
        op: "create" as const,
        digest,
      })),
    perform: async () => {
      const path = `/blueprints/${id}?application_file_name=${mainFile}`;
      await manager.call({ method: "PUT", path, tenant, body: archive.bytes });
    },
  };
}

export function deleteBlueprint({ manager }: Clients, blueprint: Blueprint): Operation {
  const { tenant, id } = blueprint;
  return {
    facts: () =>
      blueprintKinds(blueprint).map(([kind]) => ({
        kind,
        id: idIn(tenant, id),
        op: "delete" as const,
        digest: null,
      })),
    perform: async () => {
      await manager.call({ method: "DELETE", path: `/blueprints/${id}`, tenant });
    },
  };
}

export interface Deployment {
  readonly tenant: string;
  readonly id: string;
  readonly blueprint: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Acknowledged once its environment is there. */
export function createDeployment({ manager }: Clients, deployment: Deployment): Operation {
  const { tenant, id, blueprint, inputs } = deployment;
  return {
    facts: () => [
      { kind: "deployment", id: idIn(tenant, id), op: "create", digest: deploymentDigest(deployment) },
      { kind: "deployment-folder", id: idIn(tenant, id), op: "create", digest: null },
    ],
    perform: async () => {
      const body = { blueprint_id: blueprint, inputs };
      await manager.call({ method: "PUT", path: `/deployments/${id}`, tenant, body });
      const endsAt = performance.now() + environmentLimitMs;
      const query = { deployment_id: id, _include_system_workflows: "True" };
      while (performance.now() < endsAt) {
        const path = `/executions?${new URLSearchParams(query).toString()}`;
        const items = (await manager.get(path, tenant))["items"];
        const made = (Array.isArray(items) ? items : []).find(
          (item) => textOf(item, "workflow_id") === "create_deployment_environment",
        );
        const status = made === undefined ? "" : textOf(made, "status");
        if (status === "terminated") return;
        if (status === "failed" || status === "cancelled")
          throw new Error(`the environment of deployment ${id} is ${status}`);
        await sleep(pollMs);
      }
      throw new Error(`the environment of deployment ${id} was not there within ${environmentLimitMs} ms`);
    },
  };
}
