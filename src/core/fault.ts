import type { Artefact, Receipt } from "./tables.ts";
import type { Runbook, RunbookBlock } from "./runbook.ts";
import type { ComponentSpec } from "./system.ts";
import type { Gate } from "./verdict.ts";

/** A Fault is one deliberate damage to a copy of a backup set; a Control sends that copy through a whole restore. */

export interface FaultContext {
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
  readonly target: {
    readonly components: readonly string[] | "all";
    readonly invariants?: readonly string[];
  };
  /** `two`: the fault needs the sets of two generations. */
  readonly generations: "one" | "two";
  /** Which of two generations is damaged and restored. */
  readonly restores: "earlier" | "later";
  /** The target already holds what the other generation put there, before Restore begins. */
  readonly targetIsFull: boolean;
  /** `seal`: it damages what the seal wrote, so that sealing again would undo it. */
  readonly damages: "set" | "seal";
  /** In the set of controls that run unless asked otherwise. */
  readonly isDefault: boolean;
  /**
   * `either` where documents differ about it: the run shows whether it does harm, and both are an answer. `nothing` where
   * there is no fault at all: a finding is then a false alarm.
   */
  readonly expected: "noticed" | "either" | "nothing";
  /** Steps of Restore in another order, or some of them left out; the set stays as it is. */
  reorder?(blocks: readonly RunbookBlock[]): readonly RunbookBlock[];
  /** Steps of Back up of a set of its own, some of them left out; it is taken before the disaster. */
  takenWith?(blocks: readonly RunbookBlock[]): readonly RunbookBlock[];
  /** `procedure`: a set is laid out as its procedure does, so some faults fit only hot ones. */
  fits(components: readonly ComponentSpec[], procedure?: Pick<Runbook, "mode">): boolean;
  inject(context: FaultContext): Promise<readonly FaultEffect[]>;
}

/** The invariant of writes after a restore, which a control makes only where its fault names it. */
export const provedByWriting = "writes-work-again";

const usual = {
  gate: "restored",
  generations: "one",
  restores: "later",
  targetIsFull: false,
  damages: "set",
  isDefault: false,
  expected: "noticed",
  inject: () => Promise.resolve([]),
} as const satisfies Partial<Fault>;

/** What a fault has to say of itself: all that is not usual. */
export type FaultWords = Omit<Fault, keyof typeof usual> & Partial<Pick<Fault, keyof typeof usual>>;

/** Gives a fault module its type and what is usual; the default export of `src/faults/<fault>.ts`. */
export function defineFault(fault: FaultWords): Fault {
  return { ...usual, ...fault };
}

/** Fits where one of the components has one of the kinds of store, whatever the procedure. */
export function hasStore(...stores: readonly string[]): Fault["fits"] {
  return (components) => components.some(({ store }) => stores.includes(store));
}

/** The same where the set holds each store's folder as it lay on disk, as cold procedures leave it. */
export function copiesStore(...stores: readonly string[]): Fault["fits"] {
  return (components, procedure) => procedure?.mode !== "hot" && hasStore(...stores)(components);
}
