import { ApiError, forbidden } from "./errors.ts";
import type { Sql } from "./database.ts";
import type { Security } from "./security.ts";

/** Who calls, in which tenant. */
export interface Caller {
  readonly userId: number;
  readonly username: string;
  readonly isAdmin: boolean;
  readonly tenantId: number;
  readonly tenantName: string;
  /** Role in the tenant; undefined for an administrator who is no member. */
  readonly role: string | undefined;
}

interface UserRow {
  readonly id: number;
  readonly username: string;
  readonly password: string;
  readonly active: boolean;
  readonly api_token_key: string;
  readonly is_admin: boolean;
}

/** The first user, which every archive brings along. */
export const bootstrapAdminId = 0;

const userQuery = `SELECT u.*, EXISTS (SELECT 1 FROM users_roles ur JOIN roles r ON r.id = ur.role_id WHERE ur.user_id = u.id AND r.name = 'sys_admin') AS is_admin FROM users u`;

/** @throws ApiError 401 as the product words it */
export async function authenticate(
  sql: Sql,
  security: Security,
  headers: { readonly authorization: string | undefined; readonly token: string | undefined },
): Promise<UserRow> {
  const [scheme, encoded = ""] = headers.authorization?.split(" ") ?? [];
  if (headers.token !== undefined) {
    const username = Buffer.from(headers.token.split(".")[0] ?? "", "base64url").toString("utf8");
    const user = await sql.row<UserRow>(`${userQuery} WHERE u.username = $1`, [username]);
    if (user?.active === true && security.userToken(username, user.api_token_key) === headers.token)
      return user;
    throw unauthorized("Authentication token is invalid");
  }
  if (scheme?.toLowerCase() !== "basic") throw unauthorized("No authentication info provided");
  const [username = "", ...password] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  const user = await sql.row<UserRow>(`${userQuery} WHERE u.username = $1`, [username]);
  if (user === undefined || !security.verifyPassword(password.join(":"), user.password))
    throw unauthorized(`Authentication failed for user ${username}. Wrong credentials or locked account`);
  if (!user.active)
    throw unauthorized(`Authentication failed for <User username=\`${username}\`>. User is deactivated`);
  return user;
}

function unauthorized(message: string): ApiError {
  return new ApiError(401, "unauthorized_error", `User unauthorized: ${message}`);
}

/** @throws ApiError 403 where the user has no part in the tenant */
export async function enterTenant(sql: Sql, user: UserRow, tenantName: string): Promise<Caller> {
  const tenant = await sql.row<{ id: number; role: string | null }>(
    `SELECT t.id, COALESCE(
       (SELECT r.name FROM users_tenants ut JOIN roles r ON r.id = ut.role_id WHERE ut.user_id = $2 AND ut.tenant_id = t.id),
       (SELECT r.name FROM groups_tenants gt JOIN users_groups ug ON ug.group_id = gt.group_id JOIN roles r ON r.id = gt.role_id
        WHERE ug.user_id = $2 AND gt.tenant_id = t.id ORDER BY r.id LIMIT 1)) AS role
     FROM tenants t WHERE t.name = $1`,
    [tenantName, user.id],
  );
  if (tenant === undefined || (!user.is_admin && tenant.role === null))
    throw forbidden(
      `Permission denied: Tried to authenticate with invalid tenant name: ${tenantName === "" ? "no tenant was named" : tenantName}`,
    );
  return {
    userId: user.id,
    username: user.username,
    isAdmin: user.is_admin,
    tenantId: tenant.id,
    tenantName,
    role: tenant.role ?? undefined,
  };
}

const rolesThatWrite = ["manager", "user"];

/** @throws ApiError 403 */
export function ensureMay(caller: Caller, action: "administer" | "write" | "execute"): void {
  if (caller.isAdmin) return;
  const role = caller.role ?? "";
  if (action === "write" && rolesThatWrite.includes(role)) return;
  if (action === "execute" && [...rolesThatWrite, "operations"].includes(role)) return;
  throw forbidden(
    `User \`${caller.username}\` is not permitted to perform the action ${action} in the tenant \`${caller.tenantName}\``,
  );
}
