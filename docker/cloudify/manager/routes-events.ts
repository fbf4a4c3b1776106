import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Context } from "./context.ts";
import { apiPrefix, callerOf, queryOf } from "./http.ts";
import { isTrue } from "./listing.ts";

export function eventRoutes(app: FastifyInstance, context: Context): void {
  app.get(`${apiPrefix}/events`, async (request) => await listEvents(context, request));
}

const largestPage = 1000;

/** Logs and events side by side, in the order of their times. */
async function listEvents({ database }: Context, request: FastifyRequest): Promise<object> {
  const caller = callerOf(request);
  const query = queryOf(request);
  const types = [(request.query as Record<string, string | string[]>)["type"] ?? []].flat();
  const isAll = isTrue(query["_all_tenants"]) && caller.isAdmin;
  const wants = (type: string) => types.length === 0 || types.includes(type);
  const common = `r._storage_id, r.timestamp, r.reported_timestamp, r.message, r.operation, r.node_id, r.manager_name, x.id AS execution_id,
    x.workflow_id, x.blueprint_id, d.id AS deployment_id, d.id AS deployment_display_name, t.name AS tenant_name`;
  const joins = `JOIN executions x ON x._storage_id = r._execution_fk JOIN tenants t ON t.id = r._tenant_id LEFT JOIN deployments d ON d._storage_id = x._deployment_fk
    WHERE ($1::int IS NULL OR r._tenant_id = $1) AND ($2::text IS NULL OR x.id = $2) AND ($3::text IS NULL OR d.id = $3) AND ($4::text IS NULL OR r.message ILIKE $4)`;
  const parts = [
    ...(wants("cloudify_log")
      ? [
          `SELECT ${common}, 'cloudify_log' AS type, lower(r.level) AS level, r.logger, NULL AS event_type, NULL::jsonb AS error_causes FROM logs r ${joins}`,
        ]
      : []),
    ...(wants("cloudify_event")
      ? [
          `SELECT ${common}, 'cloudify_event' AS type, NULL AS level, NULL AS logger, r.event_type, r.error_causes FROM events r ${joins}`,
        ]
      : []),
  ];
  const offset = Number(query["_offset"] ?? 0);
  const size = Math.min(Number(query["_size"] ?? largestPage), largestPage);
  if (parts.length === 0) return { items: [], metadata: { pagination: { total: 0, size, offset } } };
  const all = parts.join(" UNION ALL ");
  const message = query["message"];
  const values = [
    isAll ? null : caller.tenantId,
    query["execution_id"] ?? null,
    query["deployment_id"] ?? null,
    message === undefined ? null : `%${message}%`,
  ];
  const direction = query["_sort"]?.startsWith("-") === true ? "DESC" : "ASC";
  const items = await database.rows(
    `SELECT * FROM (${all}) AS e ORDER BY reported_timestamp ${direction}, type, _storage_id ${direction} LIMIT $5 OFFSET $6`,
    [...values, size, offset],
  );
  const counted = await database.row<{ total: number }>(
    `SELECT count(*) AS total FROM (${all}) AS e`,
    values,
  );
  return {
    items: items.map((row) => ({ ...row, node_instance_id: null, node_name: row["node_id"] })),
    metadata: { pagination: { total: counted?.total ?? 0, size, offset }, filtered: null },
  };
}
