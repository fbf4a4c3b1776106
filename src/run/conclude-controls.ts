import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { controlSources } from "../check/sources.ts";
import type { Invariant } from "../check/invariants.ts";
import { judge } from "../check/judge.ts";
import { absentFeatures, type Plan } from "../core/plan.ts";
import { findingLimit, type CheckResult, type ControlResult } from "../core/report.ts";
import type { Finding } from "../core/verdict.ts";
import { controlId, controlRecordSchema, type ControlRecord } from "./control-record.ts";
import type { Evidence } from "./evidence.ts";

/** Of what is judged once in a run, a control has only its own restore, and what its fault names. */
const judgedOnceInControls = new Set(["restore-follows-order"]);

/** Judges every planned control from its tables; one that left no record is `unknown`. */
export async function concludeControls(
  runFolder: string,
  { plan }: Evidence,
  invariants: readonly Invariant[],
): Promise<ControlResult[]> {
  const results: ControlResult[] = [];
  for (const planned of plan.controls) {
    const id = controlId(planned);
    const folder = join(runFolder, "controls", id);
    const record = await readRecord(folder);
    results.push(
      record === undefined
        ? notRun(id, planned.sealed)
        : await concludeOne({ id, record, runFolder, folder, invariants, plan }),
    );
  }
  return results;
}

async function readRecord(folder: string): Promise<ControlRecord | undefined> {
  const text = await readFile(join(folder, "control.json"), "utf8").catch(() => undefined);
  return text === undefined ? undefined : controlRecordSchema.parse(JSON.parse(text));
}

function notRun(id: string, sealed: boolean): ControlResult {
  return {
    id,
    title: id,
    source: "",
    outcome: "unknown",
    expectedInvariants: [],
    caughtBy: [],
    gate: null,
    sealed,
    healthy: false,
    step: null,
    durationMs: 0,
    effects: [],
    why: "the control did not run",
    findings: [],
  };
}

async function concludeOne({
  id,
  record,
  runFolder,
  folder,
  invariants,
  plan,
}: {
  readonly id: string;
  readonly record: ControlRecord;
  readonly runFolder: string;
  readonly folder: string;
  readonly invariants: readonly Invariant[];
  readonly plan: Plan;
}): Promise<ControlResult> {
  const common = {
    id,
    title: record.title,
    source: record.source,
    expectedInvariants: record.expectedInvariants,
    sealed: record.sealed,
    healthy: record.expected === "nothing",
    step: record.refusedBy,
    durationMs: record.durationMs,
    effects: record.effects,
  };
  if (record.ended !== "observed") {
    // Whoever refuses an undamaged set cries wolf.
    const outcome = common.healthy && record.ended === "refused" ? "misattributed" : record.ended;
    return { ...common, outcome, caughtBy: [], gate: null, why: record.why, findings: [] };
  }
  const judged = invariants.filter(
    ({ gates, id: name }) =>
      !gates.includes("run") ||
      (judgedOnceInControls.has(name) && !isAllDone(record)) ||
      record.expectedInvariants.includes(name),
  );
  const sources = await controlSources(join(runFolder, "tables"), join(folder, "tables"));
  const checks = await judge({
    sources,
    invariants: judged,
    gates: record.gates,
    without: absentFeatures(plan),
  });
  const told = outcomeOf(record, checks);
  const step = told.outcome === "harmless" ? null : stepThatPutBack(record, plan);
  return { ...common, step, ...told };
}

/** The first step of Restore that names the damaged component: it is to blame for what the runbook did not refuse. */
function stepThatPutBack(
  { effects, targetComponents, ended }: ControlRecord,
  { runbook }: Plan,
): string | null {
  if (ended !== "observed") return null;
  const damaged = effects.map(({ subject }) => subject.split("/")[0] ?? "");
  const restore = runbook.blocks.filter(({ part }) => part === "restore");
  const nameOne = (names: readonly string[]) =>
    restore.find(({ components }) => components.some((component) => names.includes(component)));
  return (nameOne(damaged) ?? nameOne(targetComponents))?.id ?? null;
}

/** Muster changed the order itself, and every step was done: then the order is no finding. */
function isAllDone({ isReordered, gates }: ControlRecord): boolean {
  return isReordered && gates.includes("started");
}

/** Of another order of steps: no step minded, and without the invariants nobody would know. */
const acceptedInSilence = "silently accepted by every step that was done";

/** A step failed, was left out or refused: the procedure itself has told. */
function isToldByStep({ id }: CheckResult): boolean {
  return judgedOnceInControls.has(id);
}

/** Caught by a named invariant with every finding inside the declared target; anything else is said as what it is. */
export function outcomeOf(
  record: Pick<
    ControlRecord,
    | "expected"
    | "expectedInvariants"
    | "gates"
    | "isReordered"
    | "targetComponents"
    | "targetInvariants"
    | "why"
  >,
  checks: readonly CheckResult[],
): Pick<ControlResult, "outcome" | "caughtBy" | "gate" | "why" | "findings"> {
  const failed = checks.filter(({ verdict }) => verdict === "fail");
  const findings = failed.flatMap((check) => check.findings);
  const named = failed.filter(({ id }) => record.expectedInvariants.includes(id));
  const outside = findings.filter((finding) => !isInside(record, finding));
  const shown = { caughtBy: failed.map(({ id }) => id), findings: findings.slice(0, findingLimit / 10) };
  const first = named[0]?.findings[0];
  if (record.expected === "nothing") return { ...shown, ...healthyOutcome(record, checks) };
  if (record.expected === "either") {
    const told = eitherOutcome(record, checks);
    const isAccepted = record.isReordered && told.outcome === "caught" && !failed.some(isToldByStep);
    return { ...shown, ...told, why: isAccepted ? `${acceptedInSilence}: ${told.why}` : told.why };
  }
  if (first !== undefined && outside.length === 0) {
    return { ...shown, outcome: "caught", gate: earliestGate(named), why: inWords(first) };
  }
  if (failed.length > 0) {
    const stray = outside[0];
    const why =
      first === undefined
        ? `noticed only by ${shown.caughtBy.join(", ")}, expected ${record.expectedInvariants.join(" or ")}`
        : `findings outside the fault's target${stray === undefined ? "" : `: ${inWords(stray)}`}`;
    return { ...shown, outcome: "misattributed", gate: earliestGate(failed), why };
  }
  const undecided = checks.filter(
    ({ id, verdict }) => record.expectedInvariants.includes(id) && verdict !== "pass",
  );
  if (undecided.length > 0) {
    return {
      ...shown,
      outcome: "unknown",
      gate: null,
      why: `${record.why}; ${undecided.map(({ id, why }) => `${id}: ${why}`).join("; ")}`,
    };
  }
  return { ...shown, outcome: "missed", gate: null, why: "every invariant passed over the damage" };
}

/** Without a fault nothing may be found; harmless only where everything was judged at every gate, and holds. */
function healthyOutcome(
  record: Pick<ControlRecord, "gates" | "why">,
  checks: readonly CheckResult[],
): Pick<ControlResult, "outcome" | "gate" | "why"> {
  const told = eitherOutcome(record, checks);
  return told.outcome === "caught"
    ? { ...told, outcome: "misattributed", why: `a finding where there is no fault: ${told.why}` }
    : told;
}

/** What documents differ about: harmless only where everything was judged at every gate, and holds. */
function eitherOutcome(
  { gates, why }: Pick<ControlRecord, "gates" | "why">,
  checks: readonly CheckResult[],
): Pick<ControlResult, "outcome" | "gate" | "why"> {
  const failed = checks.filter(({ verdict }) => verdict === "fail");
  const first = failed[0]?.findings[0];
  if (first !== undefined) return { outcome: "caught", gate: earliestGate(failed), why: inWords(first) };
  const isWhole = gates.includes("started") && checks.length > 0;
  return isWhole && checks.every(({ verdict }) => verdict === "pass")
    ? { outcome: "harmless", gate: null, why: "every invariant holds" }
    : { outcome: "unknown", gate: null, why };
}

function isInside(
  record: Pick<ControlRecord, "expectedInvariants" | "targetComponents" | "targetInvariants">,
  finding: Finding,
): boolean {
  return (
    record.targetComponents.includes(finding.component) ||
    record.targetInvariants.includes(finding.invariant) ||
    record.expectedInvariants.includes(finding.invariant)
  );
}

function earliestGate(checks: readonly CheckResult[]): ControlResult["gate"] {
  const seen = new Set(
    checks.flatMap(({ gates }) => gates.filter(({ verdict }) => verdict === "fail").map(({ gate }) => gate)),
  );
  return (["baseline", "restored", "started", "run"] as const).find((gate) => seen.has(gate)) ?? null;
}

function inWords({ kind, subject, component, expected, actual }: Finding): string {
  return `${kind} ${subject} in ${component}: expected ${expected}, seen ${actual}`;
}
