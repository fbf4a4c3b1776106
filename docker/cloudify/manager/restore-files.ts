import { existsSync } from "node:fs";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "./context.ts";
import { snapshotTrees } from "./file-server.ts";
import { securityConfigSchema } from "./security.ts";
import type { Restore } from "./snapshot-restore.ts";

/** The file server's trees and the manager's keys; before the database, whose secrets are read with those keys. */
export async function restoreFiles(context: Context, { run, folder }: Restore): Promise<void> {
  const { config, files, logs, security } = context;
  for (const tree of snapshotTrees) {
    const source = join(folder, tree);
    // In the published software what the target had beside it stays, with no row that names it.
    if (config.conformance === "seed") await files.remove(files.resource(tree));
    if (existsSync(source)) await cp(source, files.resource(tree), { recursive: true });
    else await logs.log({ executionId: run.row.id }, "WARNING", `Source not found: ${tree}. Skipping...`);
  }
  await files.prepare();
  const archived = join(folder, "rest-security.conf");
  const keys = securityConfigSchema.parse(JSON.parse(await readFile(archived, "utf8")));
  const merged = { ...security.config, ...keys };
  await writeFile(security.path, `${JSON.stringify(merged, null, 2)}\n`, { mode: 0o600 });
}
