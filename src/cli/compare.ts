import { join, resolve } from "node:path";
import { compareStates, type StateDifference } from "../check/compare.ts";
import { openDatabase } from "../check/database.ts";
import { sourcesOf } from "../check/sources.ts";
import { exitStatus, MusterError } from "../core/errors.ts";
import type { Report } from "../core/report.ts";
import { concludeRun } from "../run/conclude.ts";

/**
 * What two runs of one system and one seed restored, side by side: for example one procedure cold and one hot. It says how
 * they differ, not which is right; that is each run's own verdict.
 */
export async function compareCommand(
  first: string,
  second: string,
  options: { readonly json?: boolean },
): Promise<number> {
  const [one, other] = [await judged(first), await judged(second)];
  for (const key of ["system", "seed", "scale"] as const) {
    if (one[key] === other[key]) continue;
    throw new MusterError("BAD_ARGUMENT", {
      message: `${first} has ${key} ${one[key]}, ${second} has ${other[key]}: their records cannot be compared`,
      hint: "run both drills with the same --seed and --scale",
    });
  }
  await using firstTables = await openDatabase({ sources: await sourcesOf(join(resolve(first), "tables")) });
  await using secondTables = await openDatabase({
    sources: await sourcesOf(join(resolve(second), "tables")),
  });
  const states = await compareStates(firstTables, secondTables);
  const figures = figuresOf(one, other);
  const output = { first: nameOf(one), second: nameOf(other), figures, states };
  process.stdout.write(options.json === true ? `${JSON.stringify(output, null, 2)}\n` : textOf(output, one));
  return exitStatus.verified;
}

/** @throws MusterError EVIDENCE_CHANGED: what was changed compares with nothing. */
async function judged(run: string): Promise<Report> {
  const { report, damage } = await concludeRun(resolve(run));
  if (damage.length === 0) return report;
  throw new MusterError("EVIDENCE_CHANGED", {
    message: `${run}: the evidence is not what the run left:\n${damage.map((line) => `  ${line}`).join("\n")}`,
    hint: "compare untouched run folders",
  });
}

function nameOf({ drill, variant, runId, result }: Report) {
  return { drill, variant, runId, result };
}

interface Figure {
  readonly what: string;
  readonly first: string;
  readonly second: string;
}

function figuresOf(one: Report, other: Report): Figure[] {
  const figure = (what: string, of: (report: Report) => string): Figure => ({
    what,
    first: of(one),
    second: of(other),
  });
  return [
    figure("result", ({ result }) => result),
    figure("back up", (report) => seconds(sumOf(report, "backup"))),
    figure("recovery", ({ recovery }) => seconds(recovery.rtoMs)),
    figure("calls acknowledged during the backup", (report) => loadWords(report, "ok")),
    figure("calls not acknowledged meanwhile", (report) => loadWords(report, "failed")),
    figure("slowest of them", (report) => loadWords(report, "slowest")),
    figure("calls missing at the backup's end", (report) => worstOf(report, "missingAtBackupEnd")),
    figure("calls missing at the disaster", (report) => worstOf(report, "missingAtDisaster")),
    figure("acknowledged before the cut and lost", ({ recovery }) => String(recovery.rpo.lostAcknowledged)),
    figure("deleted and back", ({ recovery }) => String(recovery.rpo.resurrected)),
    figure("never written and there", ({ recovery }) => String(recovery.rpo.unexplained)),
  ];
}

/** Time of the runbook's own steps. */
function sumOf({ steps }: Report, phase: string): number {
  return steps
    .filter((step) => step.phase === phase && step.id !== "application-answers")
    .reduce((total, { durationMs }) => total + (durationMs ?? 0), 0);
}

function seconds(milliseconds: number | null): string {
  return milliseconds === null ? "not measured" : `${(milliseconds / 1000).toFixed(1)} s`;
}

function loadWords({ recovery }: Report, what: "ok" | "failed" | "slowest"): string {
  const during = recovery.load?.find(({ phase }) => phase === "during");
  if (during === undefined) return "no load";
  if (what === "ok") return String(during.ok);
  return what === "failed" ? String(during.refused + during.unknown) : seconds(during.maxMs);
}

/** Of the store that misses most. */
function worstOf({ recovery }: Report, what: "missingAtBackupEnd" | "missingAtDisaster"): string {
  const counts = recovery.rpo.perComponent.flatMap(({ position }) => position?.[what] ?? []);
  return counts.length === 0 ? "not measured" : String(Math.max(...counts));
}

function textOf(
  {
    first,
    second,
    figures,
    states,
  }: {
    readonly first: ReturnType<typeof nameOf>;
    readonly second: ReturnType<typeof nameOf>;
    readonly figures: readonly Figure[];
    readonly states: readonly StateDifference[];
  },
  { system, seed, scale }: Report,
): string {
  const differing = states.filter((row) => row.onlyInFirst + row.onlyInSecond + row.otherVersion > 0);
  const same = states.reduce((sum, row) => sum + row.same, 0);
  const cells = [
    ["component", "kind", "first written by", "same", "only first", "only second", "other version"],
    ...differing.map((row) => [
      row.component,
      row.kind,
      row.writtenBy,
      String(row.same),
      String(row.onlyInFirst),
      String(row.onlyInSecond),
      String(row.otherVersion),
    ]),
  ];
  return [
    `first   ${first.drill} (${first.variant}), run ${first.runId}`,
    `second  ${second.drill} (${second.variant}), run ${second.runId}`,
    `system ${system}, seed ${seed}, scale ${scale}`,
    "",
    aligned([["", "first", "second"], ...figures.map((row) => [row.what, row.first, row.second])]),
    "",
    `restored records: ${same} the same in both${differing.length === 0 ? ", and no other" : "; these differ:"}`,
    ...(differing.length === 0 ? [] : [aligned(cells)]),
    "",
  ].join("\n");
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd())
    .join("\n");
}
