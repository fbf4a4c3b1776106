import type { Seen } from "../../core/system.ts";
import type { PostgresStore } from "../../stores/postgres.ts";
import { defaultTenant, type Item } from "./manager-client.ts";
import { seen } from "./observe-api.ts";
import { digestOf, idIn, referenceOf, sha256Of, textOf } from "./records.ts";
import type { ScheduledRow } from "./scheduled-state.ts";

/** What the database holds, read without the manager. Digests are over rows as they are, compared with those of before. */

const own = "JOIN tenants t ON t.id = r._tenant_id";
const statements = {
  tenants: `SELECT name, rabbitmq_vhost, rabbitmq_username, rabbitmq_password FROM tenants WHERE name <> '${defaultTenant}'`,
  users: "SELECT username, password, active, api_token_key FROM users WHERE id <> 0",
  memberships: `SELECT u.username, t.name AS tenant, o.name AS role FROM users_tenants m JOIN users u ON u.id = m.user_id
    JOIN tenants t ON t.id = m.tenant_id JOIN roles o ON o.id = m.role_id WHERE u.id <> 0`,
  secrets: `SELECT t.name AS tenant, r.id, r.visibility, r.value, r.is_hidden_value FROM secrets r ${own}`,
  blueprints: `SELECT t.name AS tenant, r.id, r.visibility, r.main_file_name, r.description, r.state, r.plan FROM blueprints r ${own}`,
  deployments: `SELECT t.name AS tenant, r.id, r.visibility, r.inputs, r.outputs, r.workflows, b.id AS blueprint
    FROM deployments r ${own} LEFT JOIN blueprints b ON b._storage_id = r._blueprint_fk`,
  executions: `SELECT t.name AS tenant, r.id AS execution_id, r.workflow_id, r.status, r.error, r.parameters, r.is_dry_run,
    r.wait_after_fail, r.created_at, r.started_at, r.ended_at, r.scheduled_for, d.id AS deployment
    FROM executions r ${own} LEFT JOIN deployments d ON d._storage_id = r._deployment_fk WHERE NOT r.is_system_workflow`,
  cancelled: "SELECT id FROM executions WHERE status = 'cancelled' AND scheduled_for IS NOT NULL",
  lines: `SELECT t.name AS tenant, e.parameters, l.source, COUNT(*)::int AS lines,
      md5(string_agg(l.timestamp || ' ' || l.message, '|' ORDER BY l._storage_id)) AS content
    FROM (SELECT 'log' AS source, _storage_id, _execution_fk, timestamp, message FROM logs
          UNION ALL SELECT 'event', _storage_id, _execution_fk, timestamp, message FROM events) l
    JOIN executions e ON e._storage_id = l._execution_fk JOIN tenants t ON t.id = e._tenant_id
    WHERE NOT e.is_system_workflow AND e.scheduled_for IS NULL GROUP BY t.name, e.id, e.parameters, l.source`,
} as const;

export async function* observeDatabase(
  database: PostgresStore,
  scheduled: readonly ScheduledRow[],
): AsyncIterable<Seen> {
  for (const row of await database.rows(statements.tenants))
    yield seen("tenant", textOf(row, "name"), digestOf(row));
  for (const row of await database.rows(statements.users))
    yield seen("user", textOf(row, "username"), digestOf(row));
  for (const row of await database.rows(statements.memberships))
    yield seen("membership", `${textOf(row, "username")}@${textOf(row, "tenant")}`, digestOf(row));
  for (const row of await database.rows(statements.secrets)) {
    const id = idIn(textOf(row, "tenant"), textOf(row, "id"));
    yield seen("secret", id, digestOf(row));
    yield seen("secret-value", id, sha256Of(Buffer.from(textOf(row, "value"))));
  }
  for (const row of await database.rows(statements.blueprints))
    yield seen("blueprint", idIn(textOf(row, "tenant"), textOf(row, "id")), digestOf(row));
  for (const row of await database.rows(statements.deployments)) yield* observeDeployment(row);
  for (const row of await database.rows(statements.executions)) yield* observeExecution(row);
  for (const row of await database.rows(statements.lines)) {
    const ref = referenceOf(row);
    if (ref === undefined) continue;
    const id = `${idIn(textOf(row, "tenant"), ref)} ${textOf(row, "source")}`;
    yield seen("execution-lines", id, textOf(row, "content"));
  }
  for (const row of await database.rows(statements.cancelled))
    yield seen("cancelled-row", textOf(row, "id"), null);
  for (const { executionId, dueAt, digest } of scheduled)
    yield { table: "observations", kind: "scheduled-row", id: executionId, digest, seq: dueAt, bytes: null };
}

function* observeDeployment(row: Item): Iterable<Seen> {
  const [tenant, id] = [textOf(row, "tenant"), textOf(row, "id")];
  yield seen("deployment", idIn(tenant, id), digestOf(row));
  yield reference(["deployment", idIn(tenant, id)], ["blueprint", idIn(tenant, textOf(row, "blueprint"))]);
}

function* observeExecution(row: Item): Iterable<Seen> {
  const ref = referenceOf(row);
  if (ref === undefined) return;
  const tenant = textOf(row, "tenant");
  const id = idIn(tenant, ref);
  const {
    workflow_id: workflow,
    parameters,
    is_dry_run: isDryRun,
    scheduled_for: dueAt,
    execution_id: own,
  } = row;
  // What may go on after the baseline, such as the status, is no part of an execution that waits for its time.
  yield seen(
    "execution",
    id,
    digestOf({ own, workflow, parameters, isDryRun, dueAt, deployment: row["deployment"] }),
  );
  yield reference(["execution", id], ["deployment", idIn(tenant, textOf(row, "deployment"))]);
  const isEnded = ["terminated", "failed", "cancelled"].includes(textOf(row, "status"));
  if (isEnded && dueAt === null) yield seen("ended-execution", id, digestOf(row));
}

function reference([fromKind, fromId]: [string, string], [toKind, toId]: [string, string]): Seen {
  return {
    table: "links",
    from_kind: fromKind,
    from_id: fromId,
    to_component: "database",
    to_kind: toKind,
    to_id: toId,
    label: toKind,
  };
}
