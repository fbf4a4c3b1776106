import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Context } from "./context.ts";
import { conflict } from "./errors.ts";
import { apiPrefix, callerOf, jsonBody, looseBoolean, parametersOf, queryOf } from "./http.ts";
import { ensureMay } from "./identity.ts";
import { ensureLegalId, getResource, listResources } from "./listing.ts";
import { secrets } from "./resources.ts";

const putSchema = z.looseObject({
  value: z.string(),
  update_if_exists: looseBoolean.default(false),
  visibility: z.string().nullish(),
  is_hidden_value: looseBoolean.default(false),
});

const patchSchema = z.looseObject({ value: z.string().optional(), is_hidden_value: looseBoolean.optional() });

export function secretRoutes(app: FastifyInstance, context: Context): void {
  const { database, security, clock } = context;

  app.get(`${apiPrefix}/secrets`, async (request) => {
    return await listResources(database, secrets, { caller: callerOf(request), query: queryOf(request) });
  });

  app.get(`${apiPrefix}/secrets/:key`, async (request) => {
    const caller = callerOf(request);
    const { key = "" } = parametersOf(request);
    const row = await getResource(database, secrets, caller, key);
    const isHidden =
      row["is_hidden_value"] === true && !caller.isAdmin && row["created_by"] !== caller.username;
    const value = isHidden ? "" : security.decrypt(String(row["value"]));
    return { ...secrets.present(row), value };
  });

  app.put(`${apiPrefix}/secrets/:key`, async (request) => {
    const caller = callerOf(request);
    ensureMay(caller, "write");
    const { key = "" } = parametersOf(request);
    ensureLegalId(key);
    const wanted = putSchema.parse(await jsonBody(request));
    const onConflict = wanted.update_if_exists
      ? "DO UPDATE SET value = EXCLUDED.value, updated_at = EXCLUDED.updated_at, is_hidden_value = EXCLUDED.is_hidden_value"
      : "DO NOTHING";
    const inserted = await database.row(
      `INSERT INTO secrets (id, visibility, created_at, updated_at, value, is_hidden_value, _tenant_id, _creator_id)
       VALUES ($1, $2, $3, $3, $4, $5, $6, $7) ON CONFLICT (id, _tenant_id) ${onConflict} RETURNING id`,
      [
        ...[key, wanted.visibility ?? "tenant", clock.stamp(), security.encrypt(wanted.value)],
        ...[wanted.is_hidden_value, caller.tenantId, caller.userId],
      ],
    );
    if (inserted === undefined)
      throw conflict(
        `secret with id=${key} already exists on tenant ${caller.tenantName} or with global visibility`,
      );
    const row = await getResource(database, secrets, caller, key);
    return { ...secrets.present(row), value: wanted.value };
  });

  app.patch(`${apiPrefix}/secrets/:key`, async (request) => {
    const caller = callerOf(request);
    ensureMay(caller, "write");
    const { key = "" } = parametersOf(request);
    const row = await getResource(database, secrets, caller, key);
    const wanted = patchSchema.parse(await jsonBody(request));
    await database.rows(
      `UPDATE secrets SET value = COALESCE($2, value), is_hidden_value = COALESCE($3, is_hidden_value), updated_at = $4 WHERE _storage_id = $1`,
      [
        row["_storage_id"],
        wanted.value === undefined ? null : security.encrypt(wanted.value),
        wanted.is_hidden_value ?? null,
        clock.stamp(),
      ],
    );
    return secrets.present(await getResource(database, secrets, caller, key));
  });

  app.delete(`${apiPrefix}/secrets/:key`, async (request, reply) => {
    const caller = callerOf(request);
    ensureMay(caller, "write");
    const { key = "" } = parametersOf(request);
    const row = await getResource(database, secrets, caller, key);
    await database.rows("DELETE FROM secrets WHERE _storage_id = $1", [row["_storage_id"]]);
    return await reply.status(204).send();
  });
}
