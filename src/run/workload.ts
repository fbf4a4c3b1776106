import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "./clock.ts";
import { OperationBarred, OperationRefused, type Workload } from "../core/system.ts";
import { messageOf } from "../core/errors.ts";
import type { Fact, Schedule } from "../core/tables.ts";

export interface WorkloadProgress {
  (state: { readonly done: number; readonly total: number; readonly perSecond: number }): void;
}

/**
 * Makes every call of a workload and records each write as `ok`, `fail` (refused, nothing changed) or `unknown`.
 * Lanes run side by side; a lane stops at nothing, so that one refused call does not hide the rest. `ends` ends every lane
 * after the call that it is at.
 */
export async function runWorkload(options: {
  readonly workload: Workload;
  readonly ends?: AbortSignal;
  readonly epoch: Fact["epoch"];
  readonly clock: Clock;
  readonly nextSeq: () => number;
  readonly record: (fact: Fact) => Promise<void>;
  /** Takes what an acknowledged call made due; of a call of unknown outcome nobody knows. */
  readonly recordSchedule: (schedule: Schedule) => Promise<void>;
  readonly progress: WorkloadProgress;
  readonly signal: AbortSignal;
}): Promise<{ readonly operations: number; readonly notOk: number }> {
  const { workload, clock, signal } = options;
  const beganAt = performance.now();
  let done = 0;
  let notOk = 0;
  const pace = paceOf(
    workload,
    AbortSignal.any([signal, ...(options.ends === undefined ? [] : [options.ends])]),
  );
  await Promise.all(
    workload.lanes.map(async (lane) => {
      for (const operation of lane) {
        await pace();
        signal.throwIfAborted();
        if (options.ends?.aborted === true) return;
        const seq = options.nextSeq();
        const drafts = operation.facts(seq);
        const invokedAt = clock.nowMs();
        const outcome = await outcomeOf(() => operation.perform(seq));
        const endedAt = clock.nowMs();
        for (const fact of drafts) {
          await options.record({
            ...fact,
            seq,
            outcome: outcome.outcome,
            invoked_at: invokedAt,
            acked_at: outcome.outcome === "ok" ? endedAt : null,
            epoch: options.epoch,
            message: outcome.message ?? operation.saw?.() ?? null,
          });
        }
        if (outcome.outcome !== "ok") notOk += 1;
        else
          for (const schedule of operation.schedules?.() ?? [])
            await options.recordSchedule({ ...schedule, registered_at: endedAt });
        done += 1;
        options.progress({
          done,
          total: workload.operations,
          perSecond: done / ((performance.now() - beganAt) / 1000),
        });
      }
    }),
  );
  return { operations: done, notOk };
}

/** Spreads calls evenly over time, whichever lane makes them; a signal ends the waiting. */
function paceOf({ perSecond }: Workload, signal: AbortSignal): () => Promise<void> {
  if (perSecond === undefined) return () => Promise.resolve();
  const pauseMs = 1000 / perSecond;
  let next = performance.now();
  return async () => {
    const waitMs = next - performance.now();
    next = Math.max(next, performance.now()) + pauseMs;
    if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  };
}

async function outcomeOf(perform: () => Promise<void>): Promise<Pick<Fact, "outcome" | "message">> {
  try {
    await perform();
    return { outcome: "ok", message: null };
  } catch (thrown) {
    return { outcome: outcomeOfThrown(thrown), message: messageOf(thrown) };
  }
}

function outcomeOfThrown(thrown: unknown): Fact["outcome"] {
  if (thrown instanceof OperationBarred) return "barred";
  return thrown instanceof OperationRefused ? "fail" : "unknown";
}
