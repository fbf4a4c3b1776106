import type { Context } from "./context.ts";
import { bootstrapAdminId } from "./identity.ts";
import { createTenant } from "./tenants.ts";
import { createUser } from "./users.ts";

/** What a new manager holds: the first tenant, the first user, and its own cluster's description. */
export async function firstStart(context: Context): Promise<void> {
  const { config, clock, database, security } = context;
  const isNew = await database.exclusively(async (sql) => {
    if ((await sql.row("SELECT id FROM users LIMIT 1")) !== undefined) return false;
    await createUser(
      { sql, clock, security },
      { id: bootstrapAdminId, username: "admin", password: config.adminPassword, role: "sys_admin" },
    );
    await sql.rows(
      "INSERT INTO rabbitmq_brokers (name, host, management_host, username) VALUES ('rabbitmq', $1, $1, $2) ON CONFLICT DO NOTHING",
      [config.rabbitmq.host, config.rabbitmq.user],
    );
    await sql.rows("INSERT INTO db_nodes (name, host) VALUES ('postgres', $1) ON CONFLICT DO NOTHING", [
      config.postgres.host,
    ]);
    await sql.rows(
      "INSERT INTO config (name, scope, value) VALUES ('default_page_size', 'rest', '1000'), ('max_workers', 'mgmtworker', '100') ON CONFLICT DO NOTHING",
    );
    return true;
  });
  if (isNew) await createTenant(context, "default_tenant");
  await database.rows(
    "INSERT INTO managers (hostname, private_ip, version) VALUES ($1, $1, $2) ON CONFLICT (hostname) DO NOTHING",
    [config.hostname, config.version],
  );
}
