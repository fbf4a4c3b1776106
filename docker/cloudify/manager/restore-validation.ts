import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Context } from "./context.ts";
import { bootstrapAdminId } from "./identity.ts";
import { revisions } from "./snapshot-tables.ts";
import type { Restore } from "./snapshot-restore.ts";

const metadataSchema = z.looseObject({ snapshot_version: z.string() });
const oldestMajor = 4;

/** @throws Error with the product's words */
export async function validateSnapshot(context: Context, restore: Restore): Promise<void> {
  const { config, database, logs } = context;
  const metadata = metadataSchema.parse(
    JSON.parse(await readFile(join(restore.folder, "metadata.json"), "utf8")),
  );
  const version = metadata.snapshot_version;
  ensureVersion(version, config.version);
  const missing = Object.keys(revisions).filter((key) => metadata[key] === undefined);
  if (missing.length > 0)
    throw new Error(`metadata.json of the snapshot has no ${missing.join(", ")}; it is of no known layout`);
  if (restore.run.row._creator_id !== bootstrapAdminId)
    throw new Error(
      "The current user is not authorized to restore v4 snapshots. Only the bootstrap admin is allowed to perform this action",
    );
  const blueprint = await database.row("SELECT id FROM blueprints LIMIT 1");
  if (blueprint === undefined) return;
  if (!restore.force)
    throw new Error(
      "Snapshot restoration on a non-empty manager is not permitted. Pass the --force flag to force the restore and delete existing data from the manager",
    );
  await logs.log(
    { executionId: restore.run.row.id },
    "WARNING",
    "Forcing snapshot restoration on a non-empty manager. Existing data will be deleted",
  );
}

/** @throws Error for a snapshot that is newer than the manager, or too old */
export function ensureVersion(snapshot: string, manager: string): void {
  const parts = (version: string) => version.split(".").map(Number);
  const [theirs, ours] = [parts(snapshot), parts(manager)];
  if ((theirs[0] ?? 0) < oldestMajor)
    throw new Error(`Restoring snapshot from version ${snapshot} is not supported`);
  for (const index of [0, 1, 2]) {
    const difference = (theirs[index] ?? 0) - (ours[index] ?? 0);
    if (difference < 0) return;
    if (difference > 0)
      throw new Error(`Cannot restore a newer manager's snapshot on this manager [${snapshot} > ${manager}]`);
  }
}
