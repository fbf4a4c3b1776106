/** Tables that a snapshot does not take along. Source: CM@5.2.0, `snapshots/postgres.py`. */
export const notDumped = [
  "alembic_version",
  "provider_context",
  "roles",
  "licenses",
  "managers",
  "certificates",
  "snapshots",
  "config",
  "rabbitmq_brokers",
  "db_nodes",
  "maintenance_mode",
  "usage_collector",
  "plugins_states",
] as const;

/** Tables that a restore leaves alone; every other one is emptied first. */
export const notEmptied = [
  "alembic_version",
  "provider_context",
  "roles",
  "licenses",
  "managers",
  "certificates",
] as const;

/** The target's own, put back after its tables were emptied. */
export const keptFromTarget = [
  "config",
  "rabbitmq_brokers",
  "db_nodes",
  "maintenance_mode",
  "usage_collector",
] as const;

/** Revision of the schema, of the console's and of the composer's; the presence of all three marks the archive's layout. */
export const revisions = {
  schema_revision: "396303c07e35",
  stage_schema_revision: "20200129124243-stage",
  composer_schema_revision: "20200120114243-composer",
};
