import { setTimeout as sleep } from "node:timers/promises";
import type { Firing } from "../../core/tables.ts";
import type { Gateway, Job } from "./gateway.ts";
import type { Ledger } from "./ledger.ts";
import { referenceVariable } from "./records.ts";

/**
 * A job worker outside the stack: what a timer sets off ends in a job, and every job that is given out is recorded before
 * it is completed, so that an effect that happens twice shows.
 */

/** Type of a job → what is appended to the instance's reference to name the timer; undefined for start events. */
const timerJobs: Readonly<Record<string, string | undefined>> = {
  "after-wait": "",
  "after-date": "",
  "send-reminder": "#remind",
  escalated: "#escalate",
  tick: "#tick",
  "finite-tick": undefined,
  "infinite-tick": undefined,
  "date-tick": undefined,
};

const longPollMs = 2_000;
const lockMs = 30_000;
const pauseAfterFailureMs = 500;

/** Streams every execution until the signal ends it; a server that does not answer is asked again. */
export async function* watchTimers(
  gateway: Gateway,
  ledger: Ledger,
  signal: AbortSignal,
): AsyncIterable<Firing> {
  const seen: Firing[] = [];
  let wake: () => void = () => undefined;
  const workers = Object.keys(timerJobs).map(async (type) => {
    while (!signal.aborted) {
      for (const firing of await takeJobs(gateway, type, signal))
        seen.push({ ...firing, due_at: ledger.dueTimeOf(firing.id) });
      wake();
    }
  });
  const ended = Promise.all(workers);
  while (!signal.aborted || seen.length > 0) {
    const next = seen.shift();
    if (next !== undefined) {
      yield next;
      continue;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    wake = resolve;
    await Promise.race([promise, ended]);
  }
  await ended;
  yield* seen;
}

async function takeJobs(gateway: Gateway, type: string, signal: AbortSignal): Promise<Firing[]> {
  try {
    const jobs = await gateway.activateJobs(type, { lockMs, waitMs: longPollMs });
    const firedAt = Date.now();
    const firings = jobs.map((job) => firingOf(job, firedAt));
    // A job whose completion is not acknowledged comes again, as a real worker's would: the effect was recorded by then.
    await Promise.allSettled(jobs.map(async ({ key }) => await gateway.completeJob(key)));
    return firings;
  } catch {
    if (!signal.aborted) await sleep(pauseAfterFailureMs);
    return [];
  }
}

function firingOf({ type, processDefinitionId, variables }: Job, firedAt: number): Firing {
  const suffix = timerJobs[type];
  const ref = variables[referenceVariable];
  const id = suffix === undefined || typeof ref !== "string" ? processDefinitionId : `${ref}${suffix}`;
  return { id, due_at: null, fired_at: firedAt, state: "executed", message: null };
}
