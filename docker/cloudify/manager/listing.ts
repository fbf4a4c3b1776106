import type { Row, Sql } from "./database.ts";
import { badParameters, notFound } from "./errors.ts";
import { looseBoolean } from "./http.ts";
import type { Caller } from "./identity.ts";

/** How one kind of resource is read and shown. */
export interface Resource {
  /** As the product's messages call it. */
  readonly kind: string;
  /** Query up to its WHERE; the resource is `r`, its tenant `t`, its creator `u`. */
  readonly query: string;
  /** Name in a filter or an order → expression. */
  readonly columns: Readonly<Record<string, string>>;
  readonly present: (row: Row) => Row;
}

interface Page {
  readonly items: readonly Row[];
  readonly metadata: {
    readonly pagination: { readonly total: number; readonly size: number; readonly offset: number };
    readonly filtered: null;
  };
}

const largestPage = 1000;

export const tenantJoins = "JOIN tenants t ON t.id = r._tenant_id LEFT JOIN users u ON u.id = r._creator_id";

/** What the columns common to all resources look like. */
export function presentCommon(row: Row): Row {
  return {
    id: row["id"],
    visibility: row["visibility"],
    private_resource: row["visibility"] === "private",
    resource_availability: row["visibility"],
    created_at: row["created_at"],
    created_by: row["created_by"],
    tenant_name: row["tenant_name"],
  };
}

interface Asked {
  readonly caller: Caller;
  readonly query: Readonly<Record<string, string>>;
  /** Further conditions, and their values from `$2` on. */
  readonly conditions?: readonly string[];
  readonly values?: readonly unknown[];
}

/** A page of what the caller may see, filtered, ordered and cut as the query says. */
export async function listResources(sql: Sql, resource: Resource, asked: Asked): Promise<Page> {
  const { caller, query } = asked;
  const allTenants = isTrue(query["_all_tenants"]) && caller.isAdmin;
  const values: unknown[] = [allTenants ? null : caller.tenantId, ...(asked.values ?? [])];
  const conditions = [
    "($1::int IS NULL OR r._tenant_id = $1 OR r.visibility = 'global')",
    ...(asked.conditions ?? []),
  ];
  for (const [name, expression] of Object.entries(resource.columns)) {
    const wanted = query[name];
    if (wanted === undefined) continue;
    values.push(wanted.split(","));
    conditions.push(`${expression}::text = ANY($${values.length})`);
  }
  const search = query["_search"];
  if (search !== undefined && search !== "") {
    values.push(`%${search}%`);
    conditions.push(`${resource.columns["id"] ?? "r.id"} ILIKE $${values.length}`);
  }
  const where = `${resource.query} WHERE ${conditions.join(" AND ")}`;
  const offset = Number(query["_offset"] ?? 0);
  const size = isTrue(query["_get_all_results"])
    ? undefined
    : Math.min(Number(query["_size"] ?? largestPage), largestPage);
  const order = orderOf(resource, query["_sort"]);
  const rows = await sql.rows(
    `${where} ORDER BY ${order} LIMIT $${values.length + 1} OFFSET $${values.length + 2}`,
    [...values, size ?? null, offset],
  );
  const counted = await sql.row<{ total: number }>(
    `SELECT count(*) AS total FROM (${where}) AS found`,
    values,
  );
  const total = counted?.total ?? 0;
  const items = rows.map((row) => pick(resource.present(row), query["_include"]));
  return { items, metadata: { pagination: { total, size: size ?? total, offset }, filtered: null } };
}

/** @throws ApiError 404, also for what belongs to another tenant */
export async function getResource(sql: Sql, resource: Resource, caller: Caller, id: string): Promise<Row> {
  const row = await sql.row(
    `${resource.query} WHERE (r._tenant_id = $1 OR r.visibility = 'global') AND ${resource.columns["id"] ?? "r.id"} = $2`,
    [caller.tenantId, id],
  );
  if (row === undefined) throw notFound(resource.kind, id);
  return row;
}

function orderOf(resource: Resource, sort: string | undefined): string {
  const descending = sort?.startsWith("-") === true;
  const name = sort?.replace(/^[-+]/, "") ?? "";
  const expression = resource.columns[name];
  return expression === undefined
    ? "r._storage_id"
    : `${expression} ${descending ? "DESC" : "ASC"}, r._storage_id ${descending ? "DESC" : "ASC"}`;
}

function pick(item: Row, include: string | undefined): Row {
  if (include === undefined || include === "") return item;
  return Object.fromEntries(include.split(",").map((name) => [name, item[name] ?? null]));
}

/** All of a short list, as one page. */
export function pageOf(items: readonly Row[]): object {
  return { items, metadata: { pagination: { total: items.length, size: 1000, offset: 0 }, filtered: null } };
}

export function isTrue(value: string | undefined): boolean {
  return value !== undefined && looseBoolean.parse(value);
}

const legalId = /^[A-Za-z0-9._-]{1,256}$/;

/** @throws ApiError 400 */
export function ensureLegalId(id: string): void {
  if (!legalId.test(id))
    throw badParameters(
      `The value ${JSON.stringify(id)} contains illegal characters or is longer than 256: only letters, digits and the characters "-", "." and "_" are allowed`,
    );
}
