import { globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { MusterError } from "../core/errors.ts";
import { openDatabase } from "./database.ts";
import { loadInvariants, parseInvariant } from "./invariants.ts";
import { judgeDatabase } from "./judge.ts";

const projectFolder = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

const header = `-- title: A title
-- judges: (SELECT gate
--   FROM observations)
-- needs: facts, steps
-- gates: restored, run
-- needs-complete: store, blob
`;

test("a header is read, also over more than one line", () => {
  expect(parseInvariant(`${header}SELECT 1`, "some/an-id.sql")).toMatchObject({
    id: "an-id",
    title: "A title",
    judges: "(SELECT gate FROM observations)",
    needs: ["facts", "steps"],
    gates: ["restored", "run"],
    needsComplete: ["store", "blob"],
    undecidedBy: undefined,
    appliesWhen: undefined,
  });
});

test.each([
  ["an unknown key", `-- titel: x\n${header}SELECT 1`, 'a.sql:1: unknown key "titel"'],
  ["a missing key", "-- title: x\nSELECT 1", 'a.sql:1: the header has no "judges"'],
  ["a key that is there twice", `${header}-- title: y\nSELECT 1`, 'a.sql:7: "title" is there twice'],
  ["an unknown gate", header.replace("restored", "restord"), 'a.sql:5: "restord" is none of'],
  ["an unknown role", header.replace("blob", "blobs"), 'a.sql:6: "blobs" is none of'],
  ["two statements", `${header}SELECT 1; SELECT 2`, "a.sql:1: expected one SELECT"],
])("%s is refused with file and line", (_, text, message) => {
  expect(() => parseInvariant(text, "a.sql")).toThrow(
    expect.objectContaining<Partial<MusterError>>({
      code: "BAD_ARGUMENT",
      message: expect.stringContaining(message),
    }),
  );
});

test("two invariants of one id are refused", async () => {
  const folder = join(projectFolder, "src/check/invariants");
  await expect(loadInvariants([folder, folder])).rejects.toThrow(/is taken by/);
});

test("a query that fails, or that finds something at a gate that is none, makes its check unknown", async () => {
  await using database = await openDatabase({ rows: {} });
  const text = header.replace("facts, steps", "gate_order");
  const broken = parseInvariant(`${text}SELECT nothing FROM nowhere`, "broken.sql");
  const astray = parseInvariant(
    `${text}SELECT 'elsewhere' AS gate, '' AS component, '' AS kind, '' AS subject, '' AS expected, '' AS actual, '' AS because`,
    "astray.sql",
  );
  const results = await judgeDatabase(database, { invariants: [broken, astray], gates: ["restored"] });
  expect(results.map(({ id, verdict }) => [id, verdict])).toEqual([
    ["astray", "unknown"],
    ["broken", "unknown"],
  ]);
  expect(results[1]?.why).toContain("the query failed");
});

test("findings are listed up to the limit and counted beyond it", async () => {
  const observations = Array.from({ length: 300 }, (_, index) => ({
    gate: "restored" as const,
    component: "store",
    kind: "case",
    id: String(index).padStart(3, "0"),
    digest: null,
    seq: null,
    bytes: null,
  }));
  await using database = await openDatabase({ rows: { observations } });
  const invariant = parseInvariant(
    "-- title: t\n-- judges: observations\n-- needs: observations\n-- gates: restored\n" +
      "SELECT gate, component, kind, id AS subject, 'x' AS expected, 'y' AS actual, 'z' AS because FROM observations",
    "many.sql",
  );
  const [result] = await judgeDatabase(database, { invariants: [invariant], gates: ["restored"] });
  expect(result).toMatchObject({
    verdict: "fail",
    findingCount: 300,
    why: "restored: 300 judged, 300 found wrong",
  });
  expect(result?.findings).toHaveLength(200);
  expect(result?.findings[0]?.subject).toBe("000");
});

const files = globSync(["src/check/{invariants,views}/*.sql", "src/systems/*/invariants/*.sql"], {
  cwd: projectFolder,
});

/** What one of DuckDB, Trino and Spark does not share with the others. */
const notShared: readonly [string, RegExp][] = [
  ["a cast with ::", /::/],
  ["CAST AS VARCHAR without a length (Spark)", /AS VARCHAR\s*\)/i],
  ["text in double quotes (Spark reads it as text)", /"/],
  ["backquotes", /`/],
  ["QUALIFY", /\bQUALIFY\b/i],
  ["ASOF, SEMI or ANTI joins", /\b(ASOF|SEMI|ANTI|POSITIONAL)\s+JOIN\b/i],
  ["GROUP BY ALL or ORDER BY ALL", /\bBY\s+ALL\b/i],
  ["EXCLUDE or REPLACE of columns", /\*\s*(EXCLUDE|REPLACE|EXCEPT)\b/i],
  [
    "aggregates into text or lists",
    /\b(LIST|LISTAGG|STRING_AGG|GROUP_CONCAT|ARRAY_AGG|LIST_\w+|UNNEST|STRUCT_PACK)\s*\(/i,
  ],
  ["arg_max and its like", /\b(ARG_MAX|ARG_MIN|MAX_BY|MIN_BY|ANY_VALUE|FIRST|LAST)\s*\(/i],
  ["FILTER of aggregates", /\)\s*FILTER\s*\(/i],
  ["ILIKE, GLOB and regular expressions", /\b(ILIKE|GLOB|REGEXP_\w+|SIMILAR TO)\b/i],
  ["formatting functions", /\b(PRINTF|FORMAT|STRFTIME|CONCAT_WS|CONCAT|IF|IFNULL|NVL)\s*\(/i],
  ["FROM before SELECT", /^\s*FROM\b(?![\s\S]*\bSELECT\b)/i],
  ["UNION BY NAME", /\bBY\s+NAME\b/i],
  ["USING of a join", /\bUSING\s*\(/i],
  ["IS DISTINCT FROM", /\bDISTINCT\s+FROM\b/i],
  ["brackets", /\[/],
];

describe.each(files)("%s stays within the SQL that DuckDB, Trino and Spark share", (file) => {
  const text = readFileSync(join(projectFolder, file), "utf8");
  // The sub-select of the header is SQL too; other comments are prose.
  const sql = text.replace(/^-- (?!judges: | {3,}).*$/gm, "").replace(/'[^'\n]*'/g, "''");

  test.each(notShared)("no %s", (_, pattern) => {
    expect(sql).not.toMatch(pattern);
  });
});

test("nothing in this folder names a system or a store", () => {
  const names = [
    "the" + "hive",
    "cass" + "andra",
    "elastic" + "search",
    "cam" + "unda",
    "zee" + "be",
    "task" + "list",
    "cloud" + "ify",
  ];
  const naming = globSync("src/check/**/*.{ts,sql}", { cwd: projectFolder }).filter((file) => {
    const text = readFileSync(join(projectFolder, file), "utf8").toLowerCase();
    return names.some((name) => text.includes(name));
  });
  expect(naming).toEqual([]);
});
