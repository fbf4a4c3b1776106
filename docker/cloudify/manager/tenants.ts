import { randomBytes } from "node:crypto";
import type { Context } from "./context.ts";
import type { Row, Sql } from "./database.ts";
import { conflict, notFound } from "./errors.ts";

export const tenantVhostPrefix = "rabbitmq_vhost_";

/** A tenant with its virtual host and user in the broker. @throws ApiError 409 */
export async function createTenant(context: Context, name: string): Promise<{ id: number; name: string }> {
  const { database, security, brokerManagement } = context;
  const password = randomBytes(16).toString("hex");
  const vhost = `${tenantVhostPrefix}${name}`;
  const username = `rabbitmq_user_${name}`;
  const row = await database.row<{ id: number; name: string }>(
    `INSERT INTO tenants (name, rabbitmq_vhost, rabbitmq_username, rabbitmq_password) VALUES ($1, $2, $3, $4)
     ON CONFLICT (name) DO NOTHING RETURNING id, name`,
    [name, vhost, username, security.encrypt(password)],
  );
  if (row === undefined) throw conflict(`Tenant with name '${name}' already exists`);
  await brokerManagement.ensureTenant(vhost, username, password);
  return row;
}

export const tenantQuery = `SELECT t.*,
  (SELECT json_object_agg(u.username, json_build_object('tenant-role', r.name, 'roles', json_build_array(r.name)))
   FROM users_tenants ut JOIN users u ON u.id = ut.user_id JOIN roles r ON r.id = ut.role_id WHERE ut.tenant_id = t.id) AS users,
  (SELECT json_object_agg(g.name, r.name) FROM groups_tenants gt JOIN groups g ON g.id = gt.group_id JOIN roles r ON r.id = gt.role_id WHERE gt.tenant_id = t.id) AS groups
  FROM tenants t`;

export function presentTenant(row: Row): Row {
  const { name, users, groups } = row;
  return { name, users: users ?? {}, groups: groups ?? {}, user_roles: users ?? {} };
}

/** @throws ApiError 404 */
export async function tenantByName(sql: Sql, name: string): Promise<Row> {
  const row = await sql.row(`${tenantQuery} WHERE t.name = $1`, [name]);
  if (row === undefined) throw notFound("Tenant", name);
  return row;
}
