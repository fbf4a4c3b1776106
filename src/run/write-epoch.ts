import { setTimeout as sleep } from "node:timers/promises";
import { openTableWriter } from "../check/table-writer.ts";
import type { StackHandle } from "../core/stack.ts";
import type { Fact } from "../core/tables.ts";
import type { ClientContext } from "./context.ts";
import { connectTo } from "./gate.ts";
import { runWorkload } from "./workload.ts";

/** Load is on for a while before the first block and after the last one, so that both lie inside it. */
const leadMs = 3_000;
const trailMs = 1_000;

interface EpochOptions {
  readonly stack: StackHandle;
  readonly tablesFolder: string;
  readonly epoch: Fact["epoch"];
  /** Part of the name of the table files. */
  readonly suffix: string;
  /** Ends the writing from outside. */
  readonly ends?: AbortSignal;
}

/** Makes the calls of one epoch and keeps what became of each. @returns the outcome in words. */
export async function writeEpoch(context: ClientContext, options: EpochOptions): Promise<string> {
  const { plan, clock, progress, signal, secrets } = context;
  const { stack, epoch, suffix, tablesFolder: folder, ends } = options;
  await using connection = await connectTo(context, stack);
  await using facts = await openTableWriter({ folder, table: "facts", suffix });
  await using schedules = await openTableWriter({ folder, table: "schedules", suffix });
  const { operations, notOk } = await runWorkload({
    workload: connection.workload({
      epoch,
      seed: plan.seed,
      scale: plan.scale,
      ...(plan.drill.load === undefined ? {} : { load: plan.drill.load }),
    }),
    epoch,
    clock,
    ...(ends === undefined ? {} : { ends }),
    nextSeq: () => context.nextSeq(),
    record: async (fact) =>
      await facts.append({ ...fact, message: fact.message === null ? null : secrets.redact(fact.message) }),
    recordSchedule: async (schedule) => await schedules.append(schedule),
    progress: ({ done, total, perSecond }) => {
      if (done % 25 !== 0 || epoch === "during") return;
      const left = ((total - done) / perSecond).toFixed(0);
      progress.detail(`${done} of ${total} calls, ${perSecond.toFixed(0)}/s, ${left} s left`);
    },
    signal,
  });
  await facts.close();
  await schedules.close();
  return `${operations} calls${notOk === 0 ? "" : `, ${notOk} not acknowledged`}`;
}

/** The first commands that a started system gets, where it has any. */
export async function probe(
  context: ClientContext,
  where: Pick<EpochOptions, "stack" | "tablesFolder" | "suffix">,
): Promise<void> {
  if (context.system.hasProbes === true) await writeEpoch(context, { ...where, epoch: "probe" });
}

/** Does something while the epoch `during` writes. @returns what was done, and the load in words. */
export async function underLoad<Done>(
  context: ClientContext,
  options: Pick<EpochOptions, "stack" | "tablesFolder">,
  work: () => Promise<Done>,
): Promise<{ readonly done: Done; readonly load: string }> {
  const ends = new AbortController();
  const writing = writeEpoch(context, { ...options, epoch: "during", suffix: "during", ends: ends.signal });
  // A failure of the writer is told by the await below, not while the work goes on.
  writing.catch(() => undefined);
  try {
    await sleep(leadMs, undefined, { signal: context.signal });
    const done = await work();
    await sleep(trailMs, undefined, { signal: context.signal });
    ends.abort();
    return { done, load: await writing };
  } finally {
    ends.abort();
    await writing.catch(() => undefined);
  }
}
