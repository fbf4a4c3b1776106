import { join } from "node:path";
import { z } from "zod";
import { openDatabase, type CheckDatabase } from "../check/database.ts";
import { loadInvariants } from "../check/invariants.ts";
import { judgeDatabase } from "../check/judge.ts";
import { measureDatabase } from "../check/measure.ts";
import { sourcesOf } from "../check/sources.ts";
import { absentFeatures } from "../core/plan.ts";
import type { CheckResult, ControlResult, Report } from "../core/report.ts";
import { mergeVerdicts } from "../core/verdict.ts";
import { concludeControls } from "./conclude-controls.ts";
import { concludeCases } from "./conclude-cases.ts";
import { concludeSchedules, latenessOf } from "./conclude-schedules.ts";
import { evidenceChanged, readEvidence, type Evidence } from "./evidence.ts";
import { decideResult, judgeObjectives } from "./result.ts";
import { totalLossOf } from "./total-loss.ts";

const stepRow = z.object({
  phase: z.string(),
  id: z.string(),
  component: z.string(),
  planned: z.int().nullable(),
  began_at: z.int().nullable(),
  ended_at: z.int().nullable(),
  exit_code: z.int().nullable(),
  message: z.string().nullable(),
});
type Step = z.infer<typeof stepRow>;

/**
 * Makes the report of a run from its folder alone: the same on every machine, with or without an engine. This is both
 * the end of `run` and the whole of `check`.
 */
export async function concludeRun(
  runFolder: string,
): Promise<{ readonly report: Report; readonly damage: readonly string[] }> {
  const evidence = await readEvidence(runFolder);
  try {
    return { report: await judgeEvidence(runFolder, evidence), damage: evidence.damage };
  } catch (cause) {
    throw evidence.damage.length === 0 ? cause : evidenceChanged(evidence.damage, cause);
  }
}

async function judgeEvidence(runFolder: string, evidence: Evidence): Promise<Report> {
  const invariants = await loadInvariants([join(runFolder, "invariants")]);
  await using database = await openDatabase({ sources: await sourcesOf(join(runFolder, "tables")) });
  const without = absentFeatures(evidence.plan);
  const baseline = await judgeDatabase(database, {
    invariants,
    gates: ["baseline"],
    includeRun: false,
    without,
  });
  const checks = await judgeDatabase(database, {
    invariants,
    gates: ["restored", "started"],
    without,
  });
  const controls = await concludeControls(runFolder, evidence, invariants);
  const steps = await database.query(
    "SELECT phase, id, component, planned, began_at, ended_at, exit_code, message FROM steps ORDER BY began_at, planned, id, component",
    stepRow,
  );
  return await assemble({ evidence, database, baseline, checks, controls, steps });
}

interface Parts {
  readonly evidence: Evidence;
  readonly database: CheckDatabase;
  readonly baseline: readonly CheckResult[];
  readonly checks: readonly CheckResult[];
  readonly controls: readonly ControlResult[];
  readonly steps: readonly Step[];
}

async function assemble({ evidence, database, baseline, checks, controls, steps }: Parts): Promise<Report> {
  const { plan, environment, entries } = evidence;
  const { perComponent, distinct, counts, phases, differences, load } = await measureDatabase(database);
  const recovery = {
    rtoMs: rtoOf(steps),
    phases,
    rpo: {
      ...totalLossOf(perComponent, distinct),
      perComponent,
      differences,
    },
    ...(load === undefined ? {} : { load }),
  };
  const objectives = judgeObjectives(plan.drill, recovery, controls);
  const { result, because } = decideResult({
    evidence,
    baselineVerdict: mergeVerdicts(baseline.map(({ verdict }) => verdict)),
    checks,
    controls,
    objectives,
  });
  const schedules = await concludeSchedules(database);
  const last = entries.at(-1);
  return {
    formatVersion: 1,
    result,
    because,
    expected: plan.drill.expect ?? null,
    drill: plan.drillId,
    system: plan.system.id,
    systemTitle: plan.system.title,
    mode: plan.runbook.mode,
    variant: plan.runbook.variant,
    seed: plan.seed,
    scale: plan.scale,
    startedAt: new Date(environment.startedAt).toISOString(),
    endedAt: new Date(last?.at ?? environment.startedAt).toISOString(),
    runId: environment.runId,
    musterVersion: environment.musterVersion,
    runbook: { file: plan.runbook.file, sha256: plan.runbook.sha256, title: plan.runbook.title },
    components: componentsOf(evidence),
    counts,
    recovery,
    steps: steps.map((step) => ({
      phase: step.phase,
      id: step.id,
      component: step.component,
      planned: step.planned,
      beganAt: step.began_at,
      durationMs: step.began_at === null || step.ended_at === null ? null : step.ended_at - step.began_at,
      exitCode: step.exit_code,
      message: step.message ?? "",
    })),
    checks: [...checks],
    controls: tallyControls(controls),
    schedules,
    lateness: latenessOf(schedules),
    cases: await concludeCases(database),
    objectives,
    interventions: entries.flatMap((entry) =>
      entry.entry === "intervention"
        ? [{ after: entry.after, command: entry.command, exitCode: entry.exitCode }]
        : [],
    ),
    limits: limitsOf(evidence, controls),
    journal: { entries: entries.length, headHash: evidence.headHash },
    files: [...evidence.files],
  };
}

/** From the first step of Restore until the application answers, without the time in which Muster looked. */
function rtoOf(steps: readonly Step[]): number | null {
  const restore = steps.filter(({ phase }) => phase === "restore");
  const answered = restore.some(
    ({ id, exit_code: exitCode }) => id === "application-answers" && exitCode === 0,
  );
  return answered ? sum(restore.map(durationOf)) : null;
}

function durationOf(step: Step): number {
  return step.began_at === null || step.ended_at === null ? 0 : step.ended_at - step.began_at;
}

function componentsOf({ plan, environment }: Evidence): Report["components"] {
  return plan.system.components.map(({ id, store, service, standIn }) => {
    const ran =
      environment.images.find((image) => image.service === service) ??
      environment.images.find((image) => image.service === "*");
    return {
      id,
      store,
      service,
      image: ran?.image ?? "not seen",
      digest: ran?.digest ?? "not seen",
      ...(standIn === undefined ? {} : { standIn }),
    };
  });
}

function tallyControls(list: readonly ControlResult[]): Report["controls"] {
  const idsOf = (outcome: ControlResult["outcome"]) =>
    list.filter((control) => control.outcome === outcome).map(({ id }) => id);
  const caught = idsOf("caught").length + idsOf("refused").length;
  const injected = list.filter(({ healthy }) => !healthy);
  const harmful = injected.filter(({ outcome }) => outcome !== "harmless").length;
  return {
    injected: injected.length,
    caught,
    missed: idsOf("missed"),
    misattributed: idsOf("misattributed"),
    unknown: idsOf("unknown"),
    // What documents differ about and does no harm was not there to be noticed.
    rate: harmful === 0 ? null : caught / harmful,
    list: [...list],
  };
}

/** What this run does not prove, said in every report. */
function limitsOf({ plan, environment, entries }: Evidence, controls: readonly ControlResult[]): string[] {
  const standIns = plan.system.components
    .filter(({ standIn }) => standIn !== undefined)
    .map(({ id, standIn }) => `${id} is a stand-in: ${standIn ?? ""}`);
  const looked = entries.flatMap((entry) =>
    entry.entry === "note" && (entry.about === "look" || entry.about === "clock") ? [entry.text] : [],
  );
  return [
    ...standIns,
    ...plan.system.limits,
    ...plan.drill.limits,
    `data at scale "${plan.scale}", made from seed ${plan.seed}${settingsWords(plan.drill.settings)}; one machine; the versions listed under components`,
    ...looked,
    ...(environment.isolation === null
      ? ["the software ran as plain processes: no network of its own kept it from reaching out"]
      : [`isolation: ${environment.isolation}; the host itself can be reached over the network's gateway`]),
    refusalWords(controls),
  ];
}

/** What the procedure noticed by itself, without Muster's invariants: an operator has nothing else. */
function refusalWords(controls: readonly ControlResult[]): string {
  if (controls.length === 0)
    return "no control was run: this run does not show that damage would have been noticed";
  const noticed = controls.filter(({ outcome, healthy }) => !healthy && /^(caught|refused)$/.test(outcome));
  const refused = noticed.filter(({ outcome }) => outcome === "refused").length;
  return `of ${noticed.length} sabotaged restores that were noticed the runbook itself refused ${refused}; the rest it put back without a word, and only the invariants told`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function settingsWords(settings: Readonly<Record<string, string>>): string {
  const words = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  return words.length === 0 ? "" : `, with ${words.join(", ")}`;
}
