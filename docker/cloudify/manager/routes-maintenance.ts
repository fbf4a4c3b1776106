import type { FastifyInstance } from "fastify";
import { badParameters } from "./errors.ts";
import { apiPrefix, callerOf, parametersOf } from "./http.ts";
import { ensureMay } from "./identity.ts";
import type { Maintenance } from "./maintenance.ts";

/** A change that is none is answered 304. */
export function maintenanceRoutes(app: FastifyInstance, maintenance: Maintenance): void {
  app.get(`${apiPrefix}/maintenance`, async () => await maintenance.state());
  app.post(`${apiPrefix}/maintenance/:action`, async (request, reply) => {
    const caller = callerOf(request);
    ensureMay(caller, "administer");
    const { action = "" } = parametersOf(request);
    if (action !== "activate" && action !== "deactivate")
      throw badParameters(`Invalid action: ${action}, Valid action values are: ['activate', 'deactivate']`);
    const changed =
      action === "activate" ? await maintenance.activate(caller.username) : await maintenance.deactivate();
    return await reply.status(changed ? 200 : 304).send(changed ? await maintenance.state() : undefined);
  });
}
