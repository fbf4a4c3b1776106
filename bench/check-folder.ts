import { cp, readFile, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { hashLine } from "../src/core/journal.ts";
import { hashFile } from "../src/run/backup-set.ts";
import { evidencePaths } from "../src/run/evidence.ts";
import { JournalFile } from "../src/run/journal-file.ts";

/**
 * Makes a run folder of a given size: a verified run of the tutorial, to which records are added that were written before
 * the backup and came back whole. `rows` counts the rows of all tables together, to within a few hundred.
 */
export async function makeRunFolder(base: string, into: string, rows: number): Promise<void> {
  await rm(into, { recursive: true, force: true });
  await cp(base, into, { recursive: true });
  for (const name of await readdir(into))
    if (/^(report|junit|allure|journal)/.test(name)) await rm(join(into, name), { recursive: true });
  await addRecords(join(into, "tables"), rows);
  const journal = new JournalFile(join(into, "journal.jsonl"), (text) => text);
  const planSha256 = hashLine(await readFile(join(into, "plan.json"), "utf8"));
  journal.append({ at: 1, entry: "run-began", runId: "generated", planSha256 });
  for (const path of await evidencePaths(into)) {
    const file = join(into, path);
    const { size: bytes } = await stat(file);
    journal.append({ at: 2, entry: "file", path, sha256: await hashFile(file), bytes });
  }
  journal.append({ at: 3, entry: "run-ended", outcome: "complete", message: "" });
  journal.seal();
  journal.close();
}

/** Rows that one note makes: itself, seen eight times; every tenth has a file, seen three times and referred to five. */
const rowsPerNote = 1 + 8 + (1 + 3 + 5) / 10;

async function addRecords(tables: string, rows: number): Promise<void> {
  const notes = Math.round(rows / rowsPerNote);
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: "2GB" });
  const connection = await instance.connect();
  await connection.run(
    `CREATE VIEW seed AS SELECT MIN(invoked_at) AS began_at FROM read_parquet('${tables}/facts-seed.parquet')`,
  );
  await connection.run(
    `CREATE VIEW notes AS SELECT 1000000 + i AS seq, 'g-' || i AS id, sha256(CAST(i AS VARCHAR)) AS digest,
       i % 10 = 0 AS has_file, sha256('file ' || i) AS file FROM range(${notes}) r(i)`,
  );
  const write = async (file: string, sql: string) =>
    await connection.run(`COPY (${sql}) TO '${tables}/${file}.parquet' (FORMAT parquet, COMPRESSION zstd)`);
  const fact = (kind: string, id: string, digest: string, where: string) =>
    `SELECT seq, '${kind}' AS kind, ${id} AS id, 'create' AS op, ${digest} AS digest, 'ok' AS outcome,
       began_at AS invoked_at, began_at AS acked_at, 'seed' AS epoch, CAST(NULL AS VARCHAR) AS message FROM notes, seed ${where}`;
  await write(
    "facts-generated",
    `${fact("note", "id", "digest", "")} UNION ALL ${fact("blob", "file", "file", "WHERE has_file")}`,
  );
  for (const gate of ["baseline", "restored", "started"]) {
    const seen = (component: string, kind: string, id: string, digest: string, where: string) =>
      write(
        `observations-${gate}-${component}-generated`,
        `SELECT '${gate}' AS gate, '${component}' AS component, '${kind}' AS kind, ${id} AS id, ${digest} AS digest,
           seq, CAST(100 AS BIGINT) AS bytes FROM notes ${where}`,
      );
    const links = (component: string) =>
      write(
        `links-${gate}-${component}-generated`,
        `SELECT '${gate}' AS gate, '${component}' AS component, 'note' AS from_kind, id AS from_id,
           'attachments' AS to_component, 'blob' AS to_kind, file AS to_id, 'attachment' AS label FROM notes WHERE has_file`,
      );
    await seen("rows", "note", "id", "digest", "");
    await seen("search", "note", "id", "sha256(id)", "");
    await seen("attachments", "blob", "file", "file", "WHERE has_file");
    await links("rows");
    if (gate === "restored") continue;
    await seen("api", "note", "id", "digest", "");
    await links("api");
  }
  connection.closeSync();
  instance.closeSync();
}
