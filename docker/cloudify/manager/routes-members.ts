import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Context } from "./context.ts";
import type { Row, Sql } from "./database.ts";
import { notFound } from "./errors.ts";
import { apiPrefix, callerOf, jsonBody } from "./http.ts";
import { ensureMay } from "./identity.ts";
import { presentTenant, tenantByName } from "./tenants.ts";

const memberSchema = z.looseObject({
  tenant_name: z.string(),
  username: z.string().optional(),
  group_name: z.string().optional(),
  role: z.string().default("user"),
});

export function memberRoutes(app: FastifyInstance, { database }: Context): void {
  for (const path of ["tenants/users", "tenants/user-groups"]) {
    for (const method of ["PUT", "PATCH"] as const) {
      app.route({
        method,
        url: `${apiPrefix}/${path}`,
        handler: async (request) => {
          ensureMay(callerOf(request), "administer");
          return await setMember(database, await jsonBody(request));
        },
      });
    }
  }

  app.delete(`${apiPrefix}/tenants/users`, async (request, reply) => {
    ensureMay(callerOf(request), "administer");
    const wanted = memberSchema.parse(await jsonBody(request));
    await database.rows(
      "DELETE FROM users_tenants USING users u, tenants t WHERE u.id = user_id AND t.id = tenant_id AND u.username = $1 AND t.name = $2",
      [wanted.username, wanted.tenant_name],
    );
    return await reply.status(204).send();
  });
}

/** Gives a user or a group a role in a tenant. @throws ApiError 404 */
async function setMember(database: Sql, body: unknown): Promise<Row> {
  const wanted = memberSchema.parse(body);
  const tenant = await tenantByName(database, wanted.tenant_name);
  const isGroup = wanted.group_name !== undefined;
  const [kind, name] = isGroup ? ["group", wanted.group_name] : ["user", wanted.username ?? ""];
  const member = await database.row<{ id: number }>(
    isGroup ? "SELECT id FROM groups WHERE name = $1" : "SELECT id FROM users WHERE username = $1",
    [name],
  );
  if (member === undefined) throw notFound(isGroup ? "Group" : "User", String(name));
  const role = await database.row<{ id: number }>("SELECT id FROM roles WHERE name = $1", [wanted.role]);
  if (role === undefined) throw notFound("Role", wanted.role);
  const table = isGroup ? "groups_tenants" : "users_tenants";
  await database.rows(
    `INSERT INTO ${table} (${kind}_id, tenant_id, role_id) VALUES ($1, $2, $3)
     ON CONFLICT (${kind}_id, tenant_id) DO UPDATE SET role_id = EXCLUDED.role_id`,
    [member.id, tenant["id"], role.id],
  );
  return presentTenant(await tenantByName(database, wanted.tenant_name));
}
