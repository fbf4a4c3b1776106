import { existsSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "./context.ts";
import type { Restore } from "./snapshot-restore.ts";
import { tenantVhostPrefix } from "./tenants.ts";

/** Keys of agents, where the archive has them. */
export async function restoreCredentials({ files }: Context, { folder }: Restore): Promise<void> {
  const archived = join(folder, "snapshot-credentials");
  if (existsSync(archived)) await cp(archived, join(files.root, "snapshot-credentials"), { recursive: true });
}

interface TenantBroker {
  readonly rabbitmq_vhost: string;
  readonly rabbitmq_username: string;
  readonly rabbitmq_password: string;
}

/** Virtual hosts and users of the broker from the restored rows; a tenant's host that no row names goes. */
export async function restoreAmqp(context: Context): Promise<void> {
  const { database, brokerManagement, security } = context;
  const tenants = await database.rows<TenantBroker>(
    "SELECT rabbitmq_vhost, rabbitmq_username, rabbitmq_password FROM tenants ORDER BY id",
  );
  for (const tenant of tenants) {
    const password = security.decrypt(tenant.rabbitmq_password);
    await brokerManagement.ensureTenant(tenant.rabbitmq_vhost, tenant.rabbitmq_username, password);
  }
  const known = new Set(tenants.map(({ rabbitmq_vhost: vhost }) => vhost));
  const stray = (await brokerManagement.vhosts()).filter(
    (vhost) => vhost.startsWith(tenantVhostPrefix) && !known.has(vhost),
  );
  for (const vhost of stray) await brokerManagement.removeVhost(vhost);
}

/** Agents must be told of this manager's broker: until they answer they are `restored`. */
export async function restoreAgents({ database, clock }: Context): Promise<void> {
  await database.rows("UPDATE agents SET state = 'restored', updated_at = $1", [clock.stamp()]);
}

/** Every deployment has a folder, also one that the archive brought none for. */
export async function restoreDeploymentFolders({ database, files }: Context): Promise<void> {
  const deployments = await database.rows<{ id: string; tenant: string }>(
    "SELECT d.id, t.name AS tenant FROM deployments d JOIN tenants t ON t.id = d._tenant_id",
  );
  for (const { id, tenant } of deployments) await mkdir(files.deployment(tenant, id), { recursive: true });
}
