import { availableParallelism } from "node:os";
import { DuckDBInstance } from "@duckdb/node-api";

/**
 * The yardstick: the same questions as plain joins over the same files, without times, epochs, gates that were not read, or
 * anything else that makes an answer trustworthy. Prints the number of rows found wrong, which is none.
 */
const tables = process.argv[2] ?? "";
const instance = await DuckDBInstance.create(":memory:", {
  threads: String(Math.min(4, availableParallelism())),
});
const connection = await instance.connect();
for (const table of ["facts", "observations", "links"])
  await connection.run(
    `CREATE VIEW ${table} AS SELECT * FROM read_parquet('${tables}/${table}-*generated.parquet')`,
  );

const questions: string[] = [];
for (const gate of ["baseline", "restored", "started"]) {
  const seen = (component: string) =>
    `(SELECT id, digest, seq FROM observations WHERE gate = '${gate}' AND component = '${component}')`;
  const written = (kind: string) => `(SELECT id, digest, seq FROM facts WHERE kind = '${kind}')`;
  const placed: [string, string][] = [
    ["rows", "note"],
    ["search", "note"],
    ["attachments", "blob"],
  ];
  if (gate !== "restored") placed.push(["api", "note"]);
  for (const [component, kind] of placed) {
    questions.push(`${written(kind)} a ANTI JOIN ${seen(component)} b USING (id)`);
    questions.push(`${seen(component)} a ANTI JOIN ${written(kind)} b USING (id)`);
    questions.push(`${seen(component)} a JOIN ${written(kind)} b USING (id) WHERE a.seq <> b.seq`);
    if (component !== "search")
      questions.push(`${seen(component)} a JOIN ${written(kind)} b USING (id) WHERE a.digest <> b.digest`);
  }
  questions.push(`${seen("rows")} a ANTI JOIN ${seen("search")} b USING (id)`);
  questions.push(`${seen("search")} a ANTI JOIN ${seen("rows")} b USING (id)`);
  questions.push(
    `(SELECT to_id AS id FROM links WHERE gate = '${gate}') a ANTI JOIN ${seen("attachments")} b USING (id)`,
  );
}
let wrong = 0n;
for (const question of questions) {
  const reader = await connection.runAndReadAll(`SELECT COUNT(*) FROM ${question}`);
  wrong += BigInt(String(reader.getRows()[0]?.[0]));
}
console.log(`${questions.length} questions, ${wrong} wrong`);
