import type { Drill } from "../core/drill.ts";
import type { CheckResult, ControlResult, Report } from "../core/report.ts";
import type { RunResult, Verdict } from "../core/verdict.ts";
import type { Evidence } from "./evidence.ts";

/** Measured against declared: an objective that could not be measured is neither met nor missed. */
export function judgeObjectives(
  drill: Drill,
  recovery: Report["recovery"],
  controls: readonly ControlResult[],
): Report["objectives"] {
  const { rtoSeconds, rpoSeconds, skewCalls, lostAcknowledged, acceptedDamage } = drill.objectives;
  const objectives: Report["objectives"] = [];
  const lost = recovery.rpo.lostAcknowledged;
  if (rtoSeconds !== undefined) {
    objectives.push({
      id: "rto",
      target: `at most ${rtoSeconds} s`,
      measured: seconds(recovery.rtoMs),
      met: recovery.rtoMs === null ? null : recovery.rtoMs <= rtoSeconds * 1000,
    });
  }
  objectives.push({
    id: "lost-acknowledged",
    target: `at most ${lostAcknowledged} records`,
    measured: lost === null ? "not measured" : `${lost} records`,
    met: lost === null ? null : lost <= lostAcknowledged,
  });
  if (rpoSeconds !== undefined) {
    objectives.push({
      id: "rpo",
      target: `at most ${rpoSeconds} s`,
      measured: seconds(recovery.rpo.windowMs),
      met: recovery.rpo.windowMs === null ? null : recovery.rpo.windowMs <= rpoSeconds * 1000,
    });
  }
  if (skewCalls !== undefined) {
    const skew = skewOf(recovery.rpo);
    objectives.push({
      id: "skew",
      target: `at most ${skewCalls} calls between any two stores`,
      measured: skew === null ? "not measured" : `${skew} calls`,
      met: skew === null ? null : skew <= skewCalls,
    });
  }
  if (acceptedDamage !== undefined) {
    const visible = controls.filter(isVisibleDamage);
    const accepted = visible.filter(wasPutBack).length;
    objectives.push({
      id: "accepted-damage",
      target: `at most ${acceptedDamage} damaged sets put back to the end`,
      measured: visible.length === 0 ? "not measured" : `${accepted} of ${visible.length}`,
      met: visible.length === 0 ? null : accepted <= acceptedDamage,
    });
  }
  return objectives;
}

/** Damage that a runbook can see: what was in the set when its manifest was written vouches for itself. */
function isVisibleDamage({ sealed, healthy, outcome }: ControlResult): boolean {
  return !sealed && !healthy && outcome !== "harmless" && outcome !== "unknown";
}

/** The runbook came to its end; where it stopped half-way, the invariants of the run itself said so. */
function wasPutBack({ outcome, gate }: ControlResult): boolean {
  return outcome !== "refused" && gate !== "run";
}

/** Most calls that one of two stores holds and the other does not; null where no two could be compared. */
function skewOf({ perComponent }: Report["recovery"]["rpo"]): number | null {
  const apart = perComponent.flatMap(({ position }) =>
    (position?.skew ?? []).map(({ onlyHere, onlyThere }) => onlyHere + onlyThere),
  );
  return apart.length === 0 ? null : Math.max(...apart);
}

function seconds(milliseconds: number | null): string {
  return milliseconds === null ? "not measured" : `${(milliseconds / 1000).toFixed(1)} s`;
}

export interface ResultParts {
  readonly evidence: Pick<Evidence, "damage" | "entries">;
  readonly baselineVerdict: Verdict;
  readonly checks: readonly CheckResult[];
  readonly controls: readonly ControlResult[];
  readonly objectives: Report["objectives"];
}

/**
 * The result of a run and why. Order of the rules: evidence that was changed, an interruption, a baseline that did not hold, a failed
 * check, a missed control, a missed objective, then everything that could not be told. What is left is verified.
 */
export function decideResult(parts: ResultParts): { readonly result: RunResult; readonly because: string } {
  for (const rule of [
    changedEvidence,
    interruptedRun,
    brokenBaseline,
    failedCheck,
    missedControl,
    missedObjective,
    unfinishedRun,
    unknownCheck,
    untoldControl,
    unmeasuredObjective,
  ]) {
    const decided = rule(parts);
    if (decided !== undefined) return decided;
  }
  const judged = parts.checks.length;
  return {
    result: "verified",
    because: `every acknowledged write was counted after the restore: ${judged} invariants hold${sabotageWords(parts.controls)}`,
  };
}

type Rule = (parts: ResultParts) => { readonly result: RunResult; readonly because: string } | undefined;

const changedEvidence: Rule = ({ evidence }) =>
  evidence.damage.length === 0
    ? undefined
    : {
        result: "not-verified",
        because: `the evidence is not what the run left: ${evidence.damage.slice(0, 3).join("; ")}`,
      };

const interruptedRun: Rule = ({ evidence: { entries } }) => {
  const end = entries.at(-1);
  if (end?.entry !== "run-ended" || end.outcome !== "interrupted") return undefined;
  return { result: "inconclusive", because: end.message };
};

const brokenBaseline: Rule = ({ baselineVerdict, evidence }) => {
  if (baselineVerdict === "pass") return undefined;
  return {
    result: "inconclusive",
    because: lastMessage(evidence) ?? "the untouched system was not shown to hold its invariants",
  };
};

const failedCheck: Rule = ({ checks, evidence }) => {
  const failed = checks.filter(({ verdict }) => verdict === "fail");
  const first = failed.find(({ id }) => id === "backup-set-complete")?.findings[0] ?? failed[0]?.findings[0];
  if (first === undefined) return undefined;
  const count = failed.reduce((total, { findingCount }) => total + findingCount, 0);
  const stopped = lastMessage(evidence);
  return {
    result: "not-verified",
    because: `${stopped === undefined ? "" : `${stopped} — `}${count} finding${count === 1 ? "" : "s"} by ${failed.map(({ id }) => id).join(", ")}; first: ${first.kind} ${first.subject} in ${first.component}: expected ${first.expected}, seen ${first.actual}`,
  };
};

/** What does no harm, and what was no fault, was not there to be noticed. */
function sabotageWords(controls: readonly ControlResult[]): string {
  const noticed = controls.filter(({ outcome }) => outcome === "caught" || outcome === "refused").length;
  return noticed === 0 ? "" : `, and ${noticed} of ${noticed} sabotaged restores were noticed`;
}

const missedControl: Rule = ({ controls }) => {
  const missed = controls.filter(({ outcome }) => outcome === "missed").map(({ id }) => id);
  return missed.length === 0
    ? undefined
    : {
        result: "not-verified",
        because: `damage went unnoticed in ${missed.length} of ${controls.filter(({ healthy }) => !healthy).length} sabotaged restores: ${missed.join(", ")}`,
      };
};

const missedObjective: Rule = ({ objectives }) => {
  const missed = objectives.find(({ met }) => met === false);
  return missed === undefined
    ? undefined
    : {
        result: "not-verified",
        because: `objective ${missed.id} was not met: ${missed.measured}, ${missed.target}`,
      };
};

const unfinishedRun: Rule = ({ evidence }) => {
  const end = evidence.entries.at(-1);
  if (end?.entry === "run-ended" && end.outcome === "complete") return undefined;
  return { result: "inconclusive", because: lastMessage(evidence) ?? "the run was killed before its end" };
};

const unknownCheck: Rule = ({ checks }) => {
  const unknown = checks.find(({ verdict }) => verdict === "unknown");
  if (checks.length > 0 && unknown === undefined) return undefined;
  return {
    result: "inconclusive",
    because: unknown === undefined ? "nothing was checked" : `${unknown.id} could not tell: ${unknown.why}`,
  };
};

const untoldControl: Rule = ({ controls }) => {
  const untold = controls.find(({ outcome }) => outcome === "unknown" || outcome === "misattributed");
  return untold === undefined
    ? undefined
    : { result: "inconclusive", because: `control ${untold.id} is ${untold.outcome}: ${untold.why}` };
};

const unmeasuredObjective: Rule = ({ objectives }) => {
  const unmeasured = objectives.find(({ met }) => met === null);
  return unmeasured === undefined
    ? undefined
    : { result: "inconclusive", because: `objective ${unmeasured.id} could not be measured` };
};

function lastMessage({ entries }: ResultParts["evidence"]): string | undefined {
  const end = entries.at(-1);
  return end?.entry === "run-ended" && end.outcome !== "complete" ? end.message : undefined;
}
