import type { Artefact, Receipt } from "./tables.ts";
import type { RunbookBlock } from "./runbook.ts";
import type { ComponentSpec } from "./system.ts";
import type { Gate } from "./verdict.ts";

/** A Fault is one deliberate damage to a copy of a backup set; a Control sends that copy through a whole restore. */

interface FaultContext {
  /** Folder of the copied set; the only place a fault may change. */
  readonly setFolder: string;
  /** The same procedure's set of another generation, where the fault asked for one. */
  readonly otherSetFolder: string | undefined;
  /** What the undamaged set holds, by path relative to its folder. */
  readonly artefacts: readonly Artefact[];
  readonly components: readonly ComponentSpec[];
  /** Seeded: a whole number from 0 up to, not including, `limit`. */
  pick(limit: number): number;
}

/** Proof that the fault changed something; `before` and `after` must differ or the control is `unknown`. */
export type FaultEffect = Pick<Receipt, "subject" | "before" | "after">;

export interface Fault {
  readonly id: string;
  readonly title: string;
  /** Where the damage is known from: a document, an issue, a dossier number. */
  readonly source: string;
  /** Named invariants; one of them must have a finding. */
  readonly caughtBy: readonly string[];
  /** Gate at which it can be seen first. */
  readonly gate: Exclude<Gate, "baseline">;
  /** Invariants and components in which findings are expected; a finding elsewhere is misattributed. */
  readonly target: { readonly components: readonly string[]; readonly invariants?: readonly string[] };
  /** `other`: the fault mixes in artefacts of a second generation. */
  readonly generations: "one" | "two";
  /** In the set of controls that run unless asked otherwise. */
  readonly isDefault: boolean;
  /** Set where documents differ about it: the run shows whether it does harm, and both are an answer. */
  readonly expected?: "either";
  /** Steps of Restore in another order, or some of them left out; the set stays as it is. */
  reorder?(blocks: readonly RunbookBlock[]): readonly RunbookBlock[];
  fits(components: readonly ComponentSpec[]): boolean;
  inject(context: FaultContext): Promise<readonly FaultEffect[]>;
}

/** Gives a fault module its type; the default export of `src/faults/<fault>.ts`. */
export function defineFault(fault: Fault): Fault {
  return fault;
}
