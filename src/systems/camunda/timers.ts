import type { Operation } from "../../core/system.ts";
import type { Schedule } from "../../core/tables.ts";
import { Instance, type Clients } from "./instance.ts";
import type { Ledger } from "./ledger.ts";

/** Timers of every sort that 8.6 has, spread over the whole run, so that some are due in each of its phases. */

type Draft = Omit<Schedule, "registered_at">;

/** Camunda fires what became due while it was down as soon as it is up (dossier camunda D.3, observed). */
const fireLate = "fire-late";
const cyclePolicy = "cycle";
const secondMs = 1000;

/** A call that starts timers, with what becomes due by it; times count from the moment of the call. */
function starting(
  { ledger }: Clients,
  instance: (times: { readonly nowMs: number }) => {
    readonly instance: Instance;
    readonly due: readonly Draft[];
  },
): Operation {
  let made: ReturnType<typeof instance> | undefined;
  const current = () => (made ??= instance({ nowMs: Date.now() }));
  return {
    facts: (seq) => current().instance.create().facts(seq),
    perform: async (seq) => {
      const { instance: one, due } = current();
      noteDueTimes(ledger, due);
      await one.create().perform(seq);
    },
    schedules: () => current().due,
  };
}

/** An intermediate timer by duration. */
export function durationTimer(clients: Clients, ref: string, afterSeconds: number): Operation {
  return starting(clients, ({ nowMs }) => ({
    instance: new Instance(clients, {
      ref,
      processId: "timer-duration",
      variables: { duration: `PT${afterSeconds}S` },
    }),
    due: [once(ref, nowMs + afterSeconds * secondMs)],
  }));
}

/** An intermediate timer by date, which has whole seconds. */
export function dateTimer(clients: Clients, ref: string, afterSeconds: number): Operation {
  return starting(clients, ({ nowMs }) => {
    const dueAt = Math.ceil(nowMs / secondMs + afterSeconds) * secondMs;
    return {
      instance: new Instance(clients, {
        ref,
        processId: "timer-date",
        variables: { date_due: new Date(dueAt).toISOString().replace(".000Z", "Z") },
      }),
      due: [once(ref, dueAt)],
    };
  });
}

/** Two boundary timers on one task: a reminder that leaves it open, and one that ends it. */
export function boundaryTimers(
  clients: Clients,
  ref: string,
  after: { readonly remindSeconds: number; readonly escalateSeconds: number },
): Operation {
  return starting(clients, ({ nowMs }) => ({
    instance: new Instance(clients, {
      ref,
      processId: "timer-boundary",
      variables: { remind_after: `PT${after.remindSeconds}S`, escalate_after: `PT${after.escalateSeconds}S` },
    }),
    due: [
      once(`${ref}#remind`, nowMs + after.remindSeconds * secondMs),
      once(`${ref}#escalate`, nowMs + after.escalateSeconds * secondMs),
    ],
  }));
}

/** A cycle on the boundary of a task. */
export function boundaryCycle(
  clients: Clients,
  ref: string,
  { repetitions, intervalSeconds }: { readonly repetitions: number; readonly intervalSeconds: number },
): Operation {
  return starting(clients, ({ nowMs }) => ({
    instance: new Instance(clients, {
      ref,
      processId: "timer-boundary-cycle",
      variables: { cycle: `R${repetitions}/PT${intervalSeconds}S` },
    }),
    due: [cycle(`${ref}#tick`, nowMs, { repetitions, intervalSeconds })],
  }));
}

/** What is due once can be told from a later execution; of a cycle only the count can be judged. */
export function noteDueTimes(ledger: Ledger, due: readonly Draft[]): void {
  for (const { id, due_at: dueAt, policy } of due) if (policy === fireLate) ledger.noteDueTime(id, dueAt);
}

export function once(id: string, dueAt: number): Draft {
  return { id, due_at: dueAt, policy: fireLate, repetitions: null, interval_ms: null };
}

/** @param repetitions null for a cycle without end */
export function cycle(
  id: string,
  startsAt: number,
  { repetitions, intervalSeconds }: { readonly repetitions: number | null; readonly intervalSeconds: number },
): Draft {
  const intervalMs = intervalSeconds * secondMs;
  return { id, due_at: startsAt + intervalMs, policy: cyclePolicy, repetitions, interval_ms: intervalMs };
}
