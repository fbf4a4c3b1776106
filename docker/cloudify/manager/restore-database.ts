import { createReadStream, createWriteStream } from "node:fs";
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { z } from "zod";
import type { Context } from "./context.ts";
import type { ExecutionRow } from "./execution-row.ts";
import { bootstrapAdminId } from "./identity.ts";
import { callPostgres } from "./postgres-tools.ts";
import { keptFromTarget, notEmptied } from "./snapshot-tables.ts";
import type { Restore } from "./snapshot-restore.ts";

/**
 * One transaction: every table but a few is emptied, the archive's dump comes in, the target's own configuration is put back,
 * and so is the row of this very restore.
 */
export async function restoreDatabase(context: Context, { run, folder }: Restore): Promise<void> {
  const { config, database, clock } = context;
  const kept = join(folder, "kept.sql");
  await callPostgres(config, {
    command: "pg_dump",
    words: ["--data-only", "--no-owner", ...keptFromTarget.map((table) => `--table=${table}`)],
    into: kept,
  });
  const tables = await database.rows<{ tablename: string }>(
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL($1) ORDER BY 1",
    [notEmptied],
  );
  const script = join(folder, "restore.sql");
  const names = tables.map(({ tablename }) => `public.${tablename}`).join(", ");
  await appendFile(script, `TRUNCATE ${names} RESTART IDENTITY;\n`);
  for (const part of [join(folder, "pg_data"), kept])
    await pipeline(createReadStream(part), createWriteStream(script, { flags: "a" }));
  await appendFile(script, restoreRow(run.row, clock.stamp()));
  await callPostgres(config, {
    command: "psql",
    words: ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", `--file=${script}`],
  });
}

/** The row of the restore that runs, for its tenant and user by name: their numbers are the archive's now. */
function restoreRow(row: ExecutionRow, startedAt: string): string {
  const text = (value: string | null) => (value === null ? "NULL" : pg.escapeLiteral(value));
  return `
INSERT INTO public.executions (id, visibility, created_at, started_at, workflow_id, status, parameters, is_system_workflow, token, _tenant_id, _creator_id)
VALUES (${text(row.id)}, 'tenant', ${text(row.created_at.toISOString())}, ${text(startedAt)}, 'restore_snapshot', 'started',
  ${text(JSON.stringify(row.parameters))}, true, ${text(row.token)},
  COALESCE((SELECT id FROM public.tenants WHERE name = ${text(row.tenant_name)}), (SELECT min(id) FROM public.tenants)),
  COALESCE((SELECT id FROM public.users WHERE username = ${text(row.created_by)}), ${bootstrapAdminId}));
`;
}

const adminSchema = z.looseObject({ username: z.string(), password: z.string(), api_token_key: z.string() });

/** The first user becomes the archive's: from here on the old manager's password is valid. */
export async function restoreAdmin({ database }: Context, { folder }: Restore): Promise<void> {
  const admin = adminSchema.parse(JSON.parse(await readFile(join(folder, "admin_account.json"), "utf8")));
  await database.rows(
    "UPDATE users SET username = $2, password = $3, api_token_key = $4, active = true WHERE id = $1",
    [bootstrapAdminId, admin.username, admin.password, admin.api_token_key],
  );
}
