import { z } from "zod";
import { messageOf } from "../core/errors.ts";
import { findingLimit, type CheckResult } from "../core/report.ts";
import { gates, mergeVerdicts, type Finding, type Gate, type Verdict } from "../core/verdict.ts";
import { openDatabase, type Database, type Sources } from "./database.ts";
import type { Invariant, JudgedAt } from "./invariants.ts";

const findingRows = z.array(
  z.object({
    gate: z.enum([...gates, "run"]),
    component: z.string(),
    kind: z.string(),
    subject: z.string(),
    expected: z.string(),
    actual: z.string(),
    because: z.string(),
  }),
);
const countRows = z.array(z.object({ gate: z.string(), judged: z.coerce.number() }));

/**
 * Judges a run. An invariant speaks at those of its gates that are asked for; where it judged nothing, or could not see
 * everything, it is `unknown` there. A check that crashes is `unknown`, never a pass.
 */
export async function judge(options: {
  readonly sources: Sources;
  readonly invariants: readonly Invariant[];
  readonly at: readonly JudgedAt[];
}): Promise<CheckResult[]> {
  using database = await openDatabase(options.sources);
  return await judgeIn(database, options.invariants, options.at);
}

/** The same over a database that is already open. */
export async function judgeIn(database: Database, invariants: readonly Invariant[], at: readonly JudgedAt[]): Promise<CheckResult[]> {
  const incomplete = await incompleteComponents(database);
  const results: CheckResult[] = [];
  for (const invariant of invariants) {
    const asked = invariant.gates.filter((gate) => at.includes(gate));
    if (asked.length > 0) results.push(await judgeOne(database, invariant, asked, incomplete));
  }
  return results;
}

async function judgeOne(database: Database, invariant: Invariant, asked: readonly JudgedAt[], incomplete: ReadonlyMap<string, readonly string[]>): Promise<CheckResult> {
  try {
    const findings = await findingsOf(database, invariant, asked);
    const judged = await judgedCounts(database, invariant);
    const perGate = asked.map((gate) => {
      const found = findings.filter((finding) => finding.gate === gate).length;
      const unread = invariant.absence === "yes" ? (incomplete.get(gate) ?? []) : [];
      return { gate, findings: found, ...verdictAt(found, judged.get(gate) ?? 0, unread) };
    });
    return {
      id: invariant.id,
      title: invariant.title,
      verdict: mergeVerdicts(perGate.map(({ verdict }) => verdict)),
      gates: perGate,
      findings: findings.slice(0, findingLimit),
      findingCount: findings.length,
      why: perGate.map(({ gate, why }) => `${gate}: ${why}`).join("; "),
    };
  } catch (thrown) {
    const why = `could not be evaluated: ${messageOf(thrown)}`;
    return { id: invariant.id, title: invariant.title, verdict: "unknown", gates: asked.map((gate) => ({ gate, verdict: "unknown", judged: 0, findings: 0, why })), findings: [], findingCount: 0, why };
  }
}

function verdictAt(found: number, judged: number, unread: readonly string[]): { verdict: Verdict; judged: number; why: string } {
  if (found > 0) return { verdict: "fail", judged, why: `${found} findings among ${judged} judged` };
  if (unread.length > 0) return { verdict: "unknown", judged, why: `${unread.join(", ")} could not be read to the end` };
  if (judged === 0) return { verdict: "unknown", judged, why: "there was nothing to judge" };
  return { verdict: "pass", judged, why: `${judged} judged` };
}

async function findingsOf(database: Database, invariant: Invariant, asked: readonly JudgedAt[]): Promise<Finding[]> {
  const rows = findingRows.parse(await database.query(`SELECT * FROM (${invariant.sql}) AS found ORDER BY gate, component, kind, subject, actual`));
  return rows.filter(({ gate }) => asked.includes(gate)).map((row) => ({ invariant: invariant.id, ...row }));
}

async function judgedCounts(database: Database, invariant: Invariant): Promise<ReadonlyMap<string, number>> {
  const once = invariant.gates.includes("run");
  const gate = once ? "'run'" : "gate";
  const rows = countRows.parse(await database.query(`SELECT ${gate} AS gate, count(*) AS judged FROM ${invariant.judges} GROUP BY 1`));
  return new Map(rows.map((row) => [row.gate, row.judged]));
}

async function incompleteComponents(database: Database): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = z.array(z.object({ gate: z.enum(gates), component: z.string() })).parse(await database.query("SELECT gate, component FROM incomplete_observations ORDER BY 1, 2"));
  const byGate = new Map<Gate, string[]>();
  for (const { gate, component } of rows) byGate.set(gate, [...(byGate.get(gate) ?? []), component]);
  return byGate;
}
