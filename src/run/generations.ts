import { join } from "node:path";
import type { Stack } from "../core/stack.ts";
import type { RunContext } from "./context.ts";
import type { ControlSets } from "./controls.ts";
import { describeFailure, takeSet } from "./procedure.ts";

/** What `takeMoreSets` took, and in words. */
export interface MoreSets extends Pick<ControlSets, "secondSet" | "ownSets"> {
  readonly words: string;
  /** Why the second generation could not be taken. */
  readonly failure: string | undefined;
}

/**
 * The sets that controls need beside the first: those that a fault takes its own way, and a second generation. The second
 * comes last, because the disaster follows and the application is not started again.
 */
export async function takeMoreSets(context: RunContext, stack: Stack): Promise<MoreSets> {
  const { plan, runId, workFolder, runbook } = context;
  const wanted = new Set(plan.controls.map(({ fault }) => fault));
  const faults = context.faults.filter(({ id }) => wanted.has(id));
  const ownSets: Map<string, NonNullable<ReturnType<ControlSets["ownSets"]["get"]>>> = new Map();
  for (const { id, takenWith } of faults) {
    if (takenWith === undefined) continue;
    const options = { id: `${runId}-${id}`, folder: join(workFolder, `set-${id}`), untilTaken: false };
    const steps = takenWith(runbook.blocks.filter(({ part }) => part === "backup"));
    const { set, result } = await takeSet(context, stack, { ...options, blocks: steps, control: id });
    ownSets.set(id, { set, failed: result.failed });
  }
  const own = ownSets.size === 0 ? "" : `, ${ownSets.size} taken with other steps`;
  if (!faults.some(({ generations }) => generations === "two"))
    return { secondSet: undefined, ownSets, words: `not needed${own}`, failure: undefined };
  const options = { id: `${runId}-2`, folder: join(workFolder, "second-set"), untilTaken: true };
  const { set, result } = await takeSet(context, stack, options);
  const failure = result.failed === undefined ? undefined : describeFailure("Back up", result.failed);
  return { secondSet: set, ownSets, words: `${set.files.length} files${own}`, failure };
}
