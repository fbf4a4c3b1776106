import { z } from "zod";
import { messageOf } from "../core/errors.ts";
import { type CheckResult, findingLimit, findingSchema } from "../core/report.ts";
import { type Gate, mergeVerdicts, type Verdict } from "../core/verdict.ts";
import { type CheckDatabase, openDatabase } from "./database.ts";
import { type Invariant, type JudgedGate, judgedGates } from "./invariants.ts";
import type { TableSources } from "./sources.ts";

export interface JudgeOptions {
  readonly invariants: readonly Invariant[];
  /** Gates that were reached and must speak. */
  readonly gates: readonly Gate[];
  /** Also judge what is judged once for a run; true unless said otherwise. */
  readonly includeRun?: boolean;
  /**
   * Tables and relations of which the system declares that it has nothing, such as `schedules`. An invariant that
   * applies only to these is left out: it neither passes nor is unknown.
   */
  readonly without?: readonly string[];
}

/** Relations that follow from the system's placements alone: empty means that the system declares nothing of the kind. */
const declaredRelations = [
  "placed_kinds",
  "indexed_kinds",
  "shared_kinds",
  "blob_kinds",
  "attribute_kinds",
  "config_kinds",
];

/** Nothing lives in the target of most restores, and then nothing of it can be lost. */
const rareRelations = ["target_records"];

/** Judges the tables of a run; a check that cannot be made is `unknown` with the reason. */
export async function judge(
  options: JudgeOptions & { readonly sources: TableSources },
): Promise<CheckResult[]> {
  await using database = await openDatabase({ sources: options.sources });
  return await judgeDatabase(database, options);
}

/** Judges an open database; the results are in the order of the invariants' ids. */
export async function judgeDatabase(database: CheckDatabase, options: JudgeOptions): Promise<CheckResult[]> {
  const asked: readonly JudgedGate[] =
    options.includeRun === false ? options.gates : [...options.gates, "run"];
  const surroundings = await surroundingsOf(database);
  const results: CheckResult[] = [];
  for (const invariant of options.invariants.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const gates = judgedGates.filter((gate) => asked.includes(gate) && invariant.gates.includes(gate));
    if (gates.length === 0) continue;
    const without = [...rareRelations, ...(options.without ?? [])];
    const judgedAt = await applicableGates(database, invariant, gates, without, surroundings);
    if (judgedAt.length === 0) continue;
    results.push(await judgeOne(database, invariant, judgedAt, surroundings));
  }
  return results;
}

interface Surroundings {
  readonly hasPlacements: boolean;
  /** Components that are placed at a gate and were not read to the end there. */
  readonly unread: readonly {
    readonly gate: string;
    readonly component: string;
    readonly role: string;
    readonly message: string;
  }[];
}

async function surroundingsOf(database: CheckDatabase): Promise<Surroundings> {
  const unread = await database.query(
    `SELECT p.gate, p.component, p.role, COALESCE(MAX(s.message), 'it was not read') AS message
     FROM placed_kinds p
     LEFT JOIN complete_observations c ON c.gate = p.gate AND c.component = p.component
     LEFT JOIN steps s ON s.phase = 'observe' AND s.id = p.gate AND s.component = p.component
     WHERE c.component IS NULL
     GROUP BY p.gate, p.component, p.role
     ORDER BY p.gate, p.component, p.role`,
    z.object({ gate: z.string(), component: z.string(), role: z.string(), message: z.string() }),
  );
  return { hasPlacements: (await countRows(database, "placements")) > 0, unread };
}

async function countRows(database: CheckDatabase, relation: string): Promise<number> {
  const rows = await database.query(
    `SELECT COUNT(*) AS n FROM ${relation} counted`,
    z.object({ n: z.int() }),
  );
  return rows[0]?.n ?? 0;
}

/** Gates at which the system has what the invariant is about; an evaluation that fails leaves all of them. */
async function applicableGates(
  database: CheckDatabase,
  invariant: Invariant,
  gates: readonly JudgedGate[],
  without: readonly string[],
  { hasPlacements }: Surroundings,
): Promise<readonly JudgedGate[]> {
  const relation = invariant.appliesWhen;
  if (relation !== undefined && database.relations.includes(relation)) {
    // Without placements nothing is declared at all; then the invariant has to say that it knows nothing.
    if (declaredRelations.includes(relation) && hasPlacements)
      return await gatesWith(database, relation, gates);
    // What the system says it has not, and has all the same, is judged.
    if (without.includes(relation) && (await countRows(database, relation)) === 0) return [];
  }
  // Where nothing is placed, there is nothing that would have to be read completely.
  return hasPlacements && invariant.needsComplete.length > 0
    ? await gatesWith(database, "placed_kinds", gates)
    : gates;
}

async function gatesWith(
  database: CheckDatabase,
  relation: string,
  gates: readonly JudgedGate[],
): Promise<JudgedGate[]> {
  const rows = await database.query(`SELECT DISTINCT gate FROM ${relation}`, z.object({ gate: z.string() }));
  return gates.filter((gate) => gate === "run" || rows.some((row) => row.gate === gate));
}

type GateResult = CheckResult["gates"][number];

async function judgeOne(
  database: CheckDatabase,
  invariant: Invariant,
  gates: readonly JudgedGate[],
  surroundings: Surroundings,
): Promise<CheckResult> {
  const { id, title } = invariant;
  try {
    const reason = await reasonNotToAsk(database, invariant);
    if (reason !== undefined) return unknownResult(invariant, gates, reason);
    const judged = await countJudged(database, invariant, gates);
    const found = await findingsOf(database, invariant, gates);
    const obstacles = await obstaclesOf(database, invariant);
    const perGate = gates.map((gate) =>
      gateResult({
        invariant,
        gate,
        judged: judged.get(gate) ?? 0,
        findings: found.counts.get(gate) ?? 0,
        obstacles: obstacles.get(gate) ?? [],
        surroundings,
      }),
    );
    return {
      id,
      title,
      verdict: mergeVerdicts(perGate.map(({ verdict }) => verdict)),
      gates: perGate,
      findings: found.findings,
      findingCount: perGate.reduce((sum, { findings }) => sum + findings, 0),
      why: perGate.map(({ gate, why }) => `${gate}: ${why}`).join("; "),
    };
  } catch (thrown) {
    return unknownResult(invariant, gates, `the query failed: ${messageOf(thrown)}`);
  }
}

/** Words for the first thing that the invariant relies on and that is not there. */
async function reasonNotToAsk(
  database: CheckDatabase,
  { needs, appliesWhen }: Invariant,
): Promise<string | undefined> {
  for (const relation of appliesWhen === undefined ? needs : [...needs, appliesWhen]) {
    if (!database.relations.includes(relation)) return `there is no table or relation "${relation}"`;
  }
  for (const relation of needs) {
    if ((await countRows(database, relation)) === 0) return `table ${relation} is empty`;
  }
  return undefined;
}

/** Tables that hold the answers to what was asked of a database; its content never changes. */
const asked = new WeakMap<CheckDatabase, Map<string, string>>();

/** Asks a query once for all gates, since a run is judged at its baseline first and then at the rest. */
async function answersOf(database: CheckDatabase, sql: string): Promise<string> {
  const known = asked.get(database) ?? new Map<string, string>();
  asked.set(database, known);
  const table = known.get(sql) ?? `answers_${known.size}`;
  if (!known.has(sql)) await database.run(`CREATE TEMP TABLE ${table} AS ${sql}`);
  known.set(sql, table);
  return table;
}

async function countJudged(
  database: CheckDatabase,
  { judges }: Invariant,
  gates: readonly JudgedGate[],
): Promise<Map<string, number>> {
  const judged = new Map<string, number>();
  if (gates.includes("run")) judged.set("run", await countRows(database, judges));
  if (gates.some((gate) => gate !== "run")) {
    const counts = await answersOf(
      database,
      `SELECT gate, COUNT(*) AS n FROM ${judges} judged GROUP BY gate`,
    );
    const rows = await database.query(
      `SELECT gate, n FROM ${counts}`,
      z.object({ gate: z.string(), n: z.int() }),
    );
    for (const { gate, n } of rows) judged.set(gate, n);
  }
  return judged;
}

async function findingsOf(
  database: CheckDatabase,
  { id, sql }: Invariant,
  gates: readonly JudgedGate[],
): Promise<{ readonly counts: Map<string, number>; readonly findings: CheckResult["findings"] }> {
  const table = await answersOf(database, sql);
  const rows = await database.query(
    `SELECT gate, COUNT(*) AS n FROM ${table} GROUP BY gate`,
    z.object({ gate: z.enum(judgedGates), n: z.int() }), // A finding at a gate that is none makes the check unknown.
  );
  const asked = gates.map((gate) => `'${gate}'`).join(", ");
  const findings = await database.query(
    `SELECT '${id}' AS invariant, gate, component, kind, subject, expected, actual, because FROM ${table}
     WHERE gate IN (${asked})
     ORDER BY gate, component, kind, subject, expected, actual, because LIMIT ${findingLimit}`,
    findingSchema,
  );
  return { counts: new Map(rows.map(({ gate, n }) => [gate, n])), findings };
}

/** Why a check could not be made, by gate: one example of each reason. */
async function obstaclesOf(
  database: CheckDatabase,
  { undecidedBy }: Invariant,
): Promise<ReadonlyMap<string, string[]>> {
  if (undecidedBy === undefined) return new Map();
  const rows = await database.query(
    `SELECT gate, MIN(COALESCE(why, 'no reason was given')) AS why, COUNT(*) AS n FROM ${undecidedBy} obstacles GROUP BY gate`,
    z.object({ gate: z.string(), why: z.string(), n: z.int() }),
  );
  return new Map(rows.map(({ gate, why, n }) => [gate, [`${n} could not be tried: ${why}`]]));
}

function gateResult(given: {
  readonly invariant: Invariant;
  readonly gate: JudgedGate;
  readonly judged: number;
  readonly findings: number;
  readonly obstacles: readonly string[];
  readonly surroundings: Surroundings;
}): GateResult {
  const { gate, judged, findings } = given;
  const unread = [...given.obstacles, ...unreadWords(given)];
  const words = [`${judged} judged`];
  if (findings > 0) words.push(`${findings} found wrong`);
  if (unread.length > 0) words.push(...unread);
  const verdict: Verdict = findings > 0 ? "fail" : judged === 0 || unread.length > 0 ? "unknown" : "pass";
  return { gate, verdict, judged, findings, why: words.join(", ") };
}

function unreadWords({
  invariant,
  gate,
  surroundings,
}: Pick<Parameters<typeof gateResult>[0], "invariant" | "gate" | "surroundings">): string[] {
  const messages = new Map<string, string>();
  for (const unread of surroundings.unread) {
    if (unread.gate === gate && invariant.needsComplete.some((role) => role === unread.role)) {
      messages.set(unread.component, unread.message);
    }
  }
  return [...messages].map(([component, message]) => `${component} was not read completely (${message})`);
}

function unknownResult({ id, title }: Invariant, gates: readonly JudgedGate[], why: string): CheckResult {
  return {
    id,
    title,
    verdict: "unknown",
    gates: gates.map((gate) => ({ gate, verdict: "unknown", judged: 0, findings: 0, why })),
    findings: [],
    findingCount: 0,
    why,
  };
}
