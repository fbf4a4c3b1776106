import type { CheckResult } from "../core/report.ts";

type Finding = CheckResult["findings"][number];

export interface Cause {
  /** What is the same of all its findings: the reason with ids and numbers left out. */
  readonly words: string;
  readonly component: string;
  readonly findings: readonly Finding[];
}

/** Findings of one invariant by cause: the same reason in the same component. The largest group first. */
export function causesOf(findings: readonly Finding[]): Cause[] {
  const groups = Map.groupBy(findings, (finding) => JSON.stringify([finding.component, reasonOf(finding)]));
  return [...groups.values()]
    .flatMap((group) => {
      const first = group[0];
      if (first === undefined) return [];
      const words = group.length === 1 ? first.because : reasonOf(first);
      return [{ words, component: first.component, findings: group }];
    })
    .toSorted((left, right) => right.findings.length - left.findings.length);
}

function reasonOf({ because, subject }: Finding): string {
  const general = subject === "" ? because : because.replaceAll(subject, "…");
  return general.replaceAll(/\d+(?:[.,:]\d+)*/g, "…");
}

/** Of each record the invariants that name it: one damage is often seen by several. */
export function witnessesOf(checks: readonly CheckResult[]): ReadonlyMap<string, ReadonlySet<string>> {
  const witnesses = new Map<string, Set<string>>();
  for (const finding of checks.flatMap((check) => check.findings)) {
    const key = recordOf(finding);
    const known = witnesses.get(key) ?? new Set();
    witnesses.set(key, known.add(finding.invariant));
  }
  return witnesses;
}

/** A record whatever the component in which it was looked for. */
export function recordOf({ kind, subject }: Pick<Finding, "kind" | "subject">): string {
  return JSON.stringify([kind, subject]);
}
