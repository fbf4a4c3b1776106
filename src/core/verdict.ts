/** Verdicts of checks and the Result of a run. */

export type Verdict = "pass" | "fail" | "unknown";
export const runResults = ["verified", "not-verified", "inconclusive"] as const;
export type RunResult = (typeof runResults)[number];

/** Moments at which the stores are observed, in their order in a run. */
export const gates = ["baseline", "restored", "started"] as const;
export type Gate = (typeof gates)[number];

/**
 * Merges by fail > unknown > pass. Nothing checked is `unknown`, so an empty list can never pass.
 */
export function mergeVerdicts(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("fail")) return "fail";
  if (verdicts.length === 0 || verdicts.includes("unknown")) return "unknown";
  return "pass";
}

/** One violation: the record, both sides, where it was seen and why that is a contradiction. */
export interface Finding {
  readonly invariant: string;
  readonly gate: Gate | "run";
  readonly component: string;
  readonly kind: string;
  readonly subject: string;
  readonly expected: string;
  readonly actual: string;
  readonly because: string;
}
