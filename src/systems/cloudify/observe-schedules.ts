import type { Seen } from "../../core/system.ts";
import type { PostgresStore } from "../../stores/postgres.ts";
import { seen } from "./observe-api.ts";
import { digestOf, idIn, textOf, timeOf } from "./records.ts";

/** Schedules with a rule, as later managers keep them in the database: what stays, and when each comes next. */
export async function* observeSchedules(database: PostgresStore): AsyncIterable<Seen> {
  const rows = await database.rows(
    `SELECT t.name AS tenant, d.id AS deployment, r.id, r.workflow_id, r.since, r.until, r.rule, r.slip, r.stop_on_fail,
       r.enabled, r.parameters, r.execution_arguments, r.next_occurrence
     FROM execution_schedules r JOIN tenants t ON t.id = r._tenant_id JOIN deployments d ON d._storage_id = r._deployment_fk`,
  );
  for (const { next_occurrence: next, ...row } of rows) {
    const id = idIn(textOf(row, "tenant"), textOf(row, "id"));
    yield seen("schedule", id, digestOf(row));
    const seq = row["enabled"] === true ? timeOf(next) : null;
    yield { table: "observations", kind: "schedule-next", id, digest: null, seq, bytes: null };
  }
}
