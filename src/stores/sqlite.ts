import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { TreeEntry } from "../core/stack.ts";

/**
 * Rows of a query over a SQLite file that is read out of a service's folder. The file is copied first: opening it in
 * place would let SQLite replay its journal, and looking must not change what is looked at.
 * @throws Error with SQLite's words where the file is missing or damaged.
 */
export async function* readSqliteRows(
  tree: AsyncIterable<TreeEntry>,
  file: string,
  query: string,
): AsyncIterable<Readonly<Record<string, unknown>>> {
  const folder = await mkdtemp(join(tmpdir(), "muster-sqlite-"));
  try {
    for await (const entry of tree) {
      // The write-ahead log belongs to the database: without it the newest rows would seem lost.
      if (entry.kind === "file" && entry.path.startsWith(file))
        await writeFile(join(folder, entry.path), entry.content);
    }
    const database = new DatabaseSync(join(folder, file), { readOnly: false });
    try {
      const check = database.prepare("PRAGMA integrity_check").get();
      if (check?.["integrity_check"] !== "ok")
        throw new Error(`SQLite says: ${String(check?.["integrity_check"])}`);
      yield* database.prepare(query).iterate();
    } finally {
      database.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
