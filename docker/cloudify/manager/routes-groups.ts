import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Context } from "./context.ts";
import { conflict, notFound } from "./errors.ts";
import { apiPrefix, callerOf, jsonBody } from "./http.ts";
import { ensureMay } from "./identity.ts";
import { pageOf } from "./listing.ts";
import { userByName } from "./users.ts";

const groupSchema = z.looseObject({ group_name: z.string(), ldap_group_dn: z.string().nullish() });
const membershipSchema = z.looseObject({ username: z.string(), group_name: z.string() });

export function groupRoutes(app: FastifyInstance, { database }: Context): void {
  app.get(`${apiPrefix}/user-groups`, async (request) => {
    ensureMay(callerOf(request), "administer");
    const rows = await database.rows(
      `SELECT g.name, g.ldap_dn, COALESCE((SELECT json_agg(u.username ORDER BY u.username) FROM users_groups ug JOIN users u ON u.id = ug.user_id
       WHERE ug.group_id = g.id), '[]') AS users FROM groups g ORDER BY g.id`,
    );
    return pageOf(rows);
  });

  app.post(`${apiPrefix}/user-groups`, async (request, reply) => {
    ensureMay(callerOf(request), "administer");
    const wanted = groupSchema.parse(await jsonBody(request));
    const row = await database.row(
      "INSERT INTO groups (name, ldap_dn) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING RETURNING name, ldap_dn",
      [wanted.group_name, wanted.ldap_group_dn ?? null],
    );
    if (row === undefined) throw conflict(`Group ${wanted.group_name} already exists`);
    return await reply.status(201).send({ ...row, users: [] });
  });

  app.put(`${apiPrefix}/user-groups/users`, async (request) => {
    ensureMay(callerOf(request), "administer");
    const { username, group_name: group } = membershipSchema.parse(await jsonBody(request));
    const added = await database.row(
      `INSERT INTO users_groups (user_id, group_id) SELECT u.id, g.id FROM users u, groups g WHERE u.username = $1 AND g.name = $2
       ON CONFLICT DO NOTHING RETURNING user_id`,
      [username, group],
    );
    if (added === undefined) throw notFound("User or Group", `${username}, ${group}`);
    return await userByName(database, username);
  });
}
