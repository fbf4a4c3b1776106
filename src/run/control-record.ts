import { z } from "zod";
import type { Fault } from "../core/fault.ts";
import type { ControlPlan } from "../core/plan.ts";
import type { System } from "../core/system.ts";
import { describeFailure, type PartResult } from "./procedure.ts";

/** What a control did, kept beside its tables; what it means is judged from the tables, also later. */
export const controlRecordSchema = z.strictObject({
  fault: z.string(),
  sealed: z.boolean(),
  title: z.string(),
  source: z.string(),
  expectedInvariants: z.array(z.string()),
  targetComponents: z.array(z.string()),
  targetInvariants: z.array(z.string()),
  expected: z.enum(["noticed", "either", "nothing"]).default("noticed"),
  /** Muster itself changed the order of the steps, so that this is no finding. */
  isReordered: z.boolean().default(false),
  ended: z.enum(["refused", "observed", "unknown"]),
  /** Gates that were reached. */
  gates: z.array(z.enum(["restored", "started"])),
  effects: z.array(z.strictObject({ subject: z.string(), before: z.string(), after: z.string() })),
  why: z.string(),
  /** The block that refused. */
  refusedBy: z.string().nullable().default(null),
  durationMs: z.number().nonnegative(),
});
export type ControlRecord = z.infer<typeof controlRecordSchema>;

/** How a control ended, before it is judged. */
export type Ending = Pick<ControlRecord, "ended" | "gates" | "why" | "refusedBy">;

/** Name of a control in reports and folders. */
export function controlId(plan: ControlPlan): string {
  return plan.sealed ? `${plan.fault}-sealed` : plan.fault;
}

/** Components in which findings are expected. */
export function targetComponentsOf(
  { target }: Pick<Fault, "target">,
  { components }: Pick<System, "components">,
): string[] {
  return target.components === "all" ? components.map(({ id }) => id) : [...target.components];
}

/** The control could not run, and why. */
export function unknown(why: string): Ending {
  return { ended: "unknown", gates: [], why, refusedBy: null };
}

/** What came of the restore was looked at, at these gates. */
export function observed(gates: Ending["gates"], why: string): Ending {
  return { ended: "observed", gates, why, refusedBy: null };
}

/** A step stopped the procedure before anything was touched. */
export function refusal(part: string, failed: NonNullable<PartResult["failed"]>): Ending {
  return { ended: "refused", gates: [], why: describeFailure(part, failed), refusedBy: failed.block.id };
}
