import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Context } from "./context.ts";
import { ApiError, badParameters } from "./errors.ts";
import { apiPrefix, callerOf, jsonBody, parametersOf, queryOf } from "./http.ts";
import { bootstrapAdminId, ensureMay } from "./identity.ts";
import { pageOf } from "./listing.ts";
import { createUser, presentUser, setActive, setRole, userByName, userQuery } from "./users.ts";

const putSchema = z.looseObject({
  username: z.string(),
  password: z.string().min(1),
  role: z.string().nullish(),
});
const postSchema = z.looseObject({
  action: z.enum(["activate", "deactivate"]).optional(),
  password: z.string().optional(),
  role: z.string().optional(),
});
export function userRoutes(app: FastifyInstance, context: Context): void {
  const { database, security, clock } = context;

  app.get(`${apiPrefix}/users`, async (request) => {
    ensureMay(callerOf(request), "administer");
    const search = queryOf(request)["_search"] ?? "";
    const rows = await database.rows(`${userQuery} WHERE u.username ILIKE $1 ORDER BY u.id`, [`%${search}%`]);
    return pageOf(rows.map(presentUser));
  });

  app.get(`${apiPrefix}/user`, async (request) => await userByName(database, callerOf(request).username));

  app.get(`${apiPrefix}/users/:name`, async (request) => {
    ensureMay(callerOf(request), "administer");
    return await userByName(database, parametersOf(request)["name"] ?? "");
  });

  app.put(`${apiPrefix}/users`, async (request, reply) => {
    ensureMay(callerOf(request), "administer");
    const { username, password, role } = putSchema.parse(await jsonBody(request));
    await createUser({ sql: database, clock, security }, { username, password, role: role ?? "default" });
    return await reply.status(201).send(await userByName(database, username));
  });

  app.post(`${apiPrefix}/users/:name`, async (request) => {
    const caller = callerOf(request);
    const { name = "" } = parametersOf(request);
    if (name !== caller.username) ensureMay(caller, "administer");
    await userByName(database, name);
    const wanted = postSchema.parse(await jsonBody(request));
    if (wanted.password !== undefined)
      await database.rows("UPDATE users SET password = $2 WHERE username = $1", [
        name,
        security.hashPassword(wanted.password),
      ]);
    if (wanted.role !== undefined) await setRole(database, name, wanted.role);
    if (wanted.action !== undefined) await setActive(database, name, wanted.action === "activate");
    return await userByName(database, name);
  });

  app.post(`${apiPrefix}/users/active/:name`, async (request) => {
    ensureMay(callerOf(request), "administer");
    const { name = "" } = parametersOf(request);
    const { action } = postSchema.parse(await jsonBody(request));
    if (action === undefined) throw badParameters("Missing action in json request body");
    await setActive(database, name, action === "activate");
    return await userByName(database, name);
  });

  app.delete(`${apiPrefix}/users/:name`, async (request, reply) => {
    ensureMay(callerOf(request), "administer");
    const { name = "" } = parametersOf(request);
    const user = await userByName(database, name);
    if (user["id"] === bootstrapAdminId)
      throw new ApiError(409, "illegal_action_error", "The bootstrap admin cannot be deleted");
    await database.rows("DELETE FROM users WHERE username = $1", [name]);
    return await reply.status(204).send();
  });
}
