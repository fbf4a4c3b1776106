/**
 * What can be said of backup sets from a listing of them, with no server running: the port of `muster lint-set`.
 * A set is everything that one backup id names, in every component.
 */

export interface SetFinding {
  /** `fault`: the set cannot be restored as one whole. `doubt`: the listing does not tell. */
  readonly kind: "fault" | "doubt";
  /** The element that is missing or wrong, as the listing names it. */
  readonly subject: string;
  readonly problem: string;
}

export interface HeldComponent {
  readonly component: string;
  /** How much of it is there, in a few characters: `6/6`. */
  readonly held: string;
}

export interface LintedSet {
  readonly id: string;
  /** When the first of its elements was begun, by the clock of the server that wrote it. */
  readonly takenMs: number | null;
  readonly components: readonly HeldComponent[];
  readonly findings: readonly SetFinding[];
}

export interface SetLint {
  /** By id, the newest last. */
  readonly sets: readonly LintedSet[];
  /** Remarks that belong to no single set. */
  readonly notes: readonly string[];
  /** What a restorable set still does not prove. */
  readonly limits: readonly string[];
}

/** Reads listings from files and folders. Throws BAD_ARGUMENT where a file is not there or not what it should be. */
export type LintSet = (paths: readonly string[]) => Promise<SetLint>;

export type SetVerdict = "restorable" | "not-restorable" | "unknown";

/** One fault decides; a doubt alone leaves it open. */
export function verdictOfSet({ findings }: Pick<LintedSet, "findings">): SetVerdict {
  if (findings.some(({ kind }) => kind === "fault")) return "not-restorable";
  return findings.length > 0 ? "unknown" : "restorable";
}

/** The newest set decides, since a disaster calls for it first; no set at all is unknown, never good. */
export function verdictOfLint({ sets }: Pick<SetLint, "sets">): SetVerdict {
  const newest = sets.at(-1);
  return newest === undefined ? "unknown" : verdictOfSet(newest);
}
