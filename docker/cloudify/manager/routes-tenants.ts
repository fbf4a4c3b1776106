import type { FastifyInstance } from "fastify";
import type { Context } from "./context.ts";
import { ApiError } from "./errors.ts";
import { apiPrefix, callerOf, parametersOf } from "./http.ts";
import { ensureMay } from "./identity.ts";
import { ensureLegalId, pageOf } from "./listing.ts";
import { createTenant, presentTenant, tenantByName, tenantQuery } from "./tenants.ts";

export function tenantRoutes(app: FastifyInstance, context: Context): void {
  const { database, brokerManagement } = context;

  app.get(`${apiPrefix}/tenants`, async (request) => {
    const caller = callerOf(request);
    const rows = await database.rows(
      `${tenantQuery} WHERE $1 OR EXISTS (SELECT 1 FROM users_tenants ut WHERE ut.tenant_id = t.id AND ut.user_id = $2) ORDER BY t.id`,
      [caller.isAdmin, caller.userId],
    );
    return pageOf(rows.map(presentTenant));
  });

  app.get(`${apiPrefix}/tenants/:name`, async (request) => {
    ensureMay(callerOf(request), "administer");
    return presentTenant(await tenantByName(database, parametersOf(request)["name"] ?? ""));
  });

  app.post(`${apiPrefix}/tenants/:name`, async (request, reply) => {
    ensureMay(callerOf(request), "administer");
    const { name = "" } = parametersOf(request);
    ensureLegalId(name);
    await createTenant(context, name);
    return await reply.status(201).send(presentTenant(await tenantByName(database, name)));
  });

  app.delete(`${apiPrefix}/tenants/:name`, async (request, reply) => {
    ensureMay(callerOf(request), "administer");
    const tenant = await tenantByName(database, parametersOf(request)["name"] ?? "");
    const used = await database.row("SELECT id FROM blueprints WHERE _tenant_id = $1 LIMIT 1", [
      tenant["id"],
    ]);
    if (used !== undefined)
      throw new ApiError(
        409,
        "illegal_action_error",
        `Cannot delete tenant \`${String(tenant["name"])}\`: it holds resources`,
      );
    await database.rows("DELETE FROM tenants WHERE id = $1", [tenant["id"]]);
    await brokerManagement.removeVhost(String(tenant["rabbitmq_vhost"]));
    await brokerManagement.removeUser(String(tenant["rabbitmq_username"]));
    return await reply.status(204).send();
  });
}
