import type { Rehearsal } from "./rehearsal.test-support.ts";

/**
 * For tests: false greens that are known from the field, rebuilt on the tutorial's notebook. In each, the operator's own
 * tools see nothing wrong, or say so and exit with 0.
 */
export interface FalseGreen {
  readonly case: number;
  readonly id: string;
  /** What went wrong in the field, and where it is written down. */
  readonly title: string;
  readonly source: string;
  readonly rehearsal: Rehearsal;
  /** Block that fails although everything before it was green; without it every block ends with 0. */
  readonly failingBlock?: string;
  /** Words of the result's reason. */
  readonly because: RegExp;
  /** Invariants that must have findings. */
  readonly invariants: readonly string[];
}

/** A start of the application whose exit status says nothing. */
export const startIsGreen = "timeout 3 ./notebook start || true";
