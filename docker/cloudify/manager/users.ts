import { randomBytes } from "node:crypto";
import type { Clock } from "./clock.ts";
import type { Row, Sql } from "./database.ts";
import { conflict, notFound } from "./errors.ts";
import type { Security } from "./security.ts";

interface NewUser {
  readonly id?: number;
  readonly username: string;
  readonly password: string;
  readonly role: string;
}

/** @throws ApiError 409, 404 for a role that does not exist */
export async function createUser(
  { sql, clock, security }: { readonly sql: Sql; readonly clock: Clock; readonly security: Security },
  { id, username, password, role }: NewUser,
): Promise<void> {
  const known = await sql.row<{ id: number }>("SELECT id FROM roles WHERE name = $1", [role]);
  if (known === undefined) throw notFound("Role", role);
  const numbered = id === undefined ? "nextval('users_id_seq')" : String(id);
  const user = await sql.row<{ id: number }>(
    `INSERT INTO users (id, username, password, created_at, api_token_key) VALUES (${numbered}, $1, $2, $3, $4)
     ON CONFLICT (username) DO NOTHING RETURNING id`,
    [username, security.hashPassword(password), clock.stamp(), randomBytes(16).toString("hex")],
  );
  if (user === undefined) throw conflict(`User ${username} already exists`);
  await sql.rows("INSERT INTO users_roles (user_id, role_id) VALUES ($1, $2)", [user.id, known.id]);
}

export const userQuery = `SELECT u.*, (SELECT r.name FROM users_roles ur JOIN roles r ON r.id = ur.role_id WHERE ur.user_id = u.id LIMIT 1) AS role,
  (SELECT json_object_agg(t.name, json_build_object('tenant-role', r.name, 'roles', json_build_array(r.name)))
   FROM users_tenants ut JOIN tenants t ON t.id = ut.tenant_id JOIN roles r ON r.id = ut.role_id WHERE ut.user_id = u.id) AS tenants,
  (SELECT json_agg(g.name ORDER BY g.name) FROM users_groups ug JOIN groups g ON g.id = ug.group_id WHERE ug.user_id = u.id) AS groups
  FROM users u`;

export function presentUser(row: Row): Row {
  return {
    id: row["id"],
    username: row["username"],
    role: row["role"] ?? "default",
    active: row["active"],
    tenants: row["tenants"] ?? {},
    tenant_roles: row["tenants"] ?? {},
    user_tenants: row["tenants"] ?? {},
    groups: row["groups"] ?? [],
    group_system_roles: {},
    last_login_at: row["last_login_at"],
    created_at: row["created_at"],
    is_locked: false,
    show_getting_started: false,
  };
}

/** @throws ApiError 404 */
export async function userByName(sql: Sql, name: string): Promise<Row> {
  const row = await sql.row(`${userQuery} WHERE u.username = $1`, [name]);
  if (row === undefined) throw notFound("User", name);
  return presentUser(row);
}

export async function setActive(sql: Sql, name: string, active: boolean): Promise<void> {
  await sql.rows("UPDATE users SET active = $2 WHERE username = $1", [name, active]);
}

/** @throws ApiError 404 */
export async function setRole(sql: Sql, name: string, role: string): Promise<void> {
  const changed = await sql.rows(
    "UPDATE users_roles SET role_id = r.id FROM roles r, users u WHERE r.name = $2 AND u.username = $1 AND user_id = u.id RETURNING user_id",
    [name, role],
  );
  if (changed.length === 0) throw notFound("Role", role);
}
