import type { Random } from "../../core/random.ts";
import type { Operation, Scale, Workload } from "../../core/system.ts";
import { Instance, type Clients } from "./instance.ts";
import { readResources, readStartTimers } from "./processes.ts";
import {
  boundaryCycle,
  boundaryTimers,
  cycle,
  dateTimer,
  durationTimer,
  noteDueTimes,
  once,
} from "./timers.ts";

/** What is written before, during and after a backup. */

const factorByScale = { small: 1, medium: 8, large: 60 } as const;
const callsPerSecond = 8;
export const assignee = "demo";
const longText = 9_000;
/** Timers are few: a broker that was restored swallows as many commands as it does, and theirs come before Muster's. */
const timerSeconds = 12;
const timerStepSeconds = 28;
const farAwaySeconds = 3600;

interface WorkloadOptions {
  readonly clients: Clients;
  readonly fixturesFolder: string;
  readonly random: Random;
}

/** Lanes run side by side; each owns its instances. */
export function seedWorkload(options: WorkloadOptions & { readonly scale: Scale }): Workload {
  const factor = factorByScale[options.scale];
  const { operation, deployed } = deployment(options);
  const lanes = [
    userTasks(options, 12 * factor),
    jobs(options, 8 * factor),
    ...[0, 1, 2].map((lane) => elsewhere(options, numbersOf(lane, factor))),
    reserved(options),
    timers(options, factor),
  ].map((lane) => lane.map((one) => after(deployed, one)));
  const all = [[operation], ...lanes];
  return { operations: all.flat().length, lanes: all };
}

/** Load while a backup is taken: instances that begin, move on and end, and timers; it goes on until it is ended. */
export function duringWorkload({ clients, random }: WorkloadOptions): Workload {
  const lanes = [
    endless((n) => {
      const one = userTask(clients, `during-task-${n}`);
      return n % 2 === 0 ? [one.create(), one.completeTask()] : [one.create()];
    }),
    endless((n) => {
      const one = serviceJob(clients, `during-job-${n}`, random);
      return n % 3 === 0 ? [one.create()] : [one.create(), one.completeJob()];
    }),
    endless((n) => {
      const one = userTask(clients, `during-cancelled-${n}`);
      const timer = durationTimer(clients, `during-timer-${n}`, timerSeconds + n * timerStepSeconds);
      return [one.create(), one.cancel(), ...(n % 4 === 0 ? [timer] : [])];
    }),
    endless((n) => {
      const one = message(clients, `during-message-${n}`);
      return n % 2 === 0 ? [one.create(), one.correlate()] : [one.create()];
    }),
  ];
  return { operations: Infinity, perSecond: callsPerSecond, lanes };
}

/** Written once the backup is taken: none of it may come back. */
export function afterWorkload({ clients, random }: WorkloadOptions): Workload {
  const operations = [0, 1, 2, 3].flatMap((n) => {
    const task = userTask(clients, `after-task-${n}`);
    const job = serviceJob(clients, `after-job-${n}`, random);
    return [task.create(), job.create(), ...(n % 2 === 0 ? [job.completeJob(), task.cancel()] : [])];
  });
  return { operations: operations.length, lanes: [operations] };
}

export function userTask(clients: Clients, ref: string): Instance {
  const waiting = { userTask: { element: "approve", assignee } };
  return new Instance(clients, { ref, processId: "user-task", waiting });
}

/** Every fifth carries a value that Operate shows only the beginning of; all of them one that is not ASCII. */
export function serviceJob(clients: Clients, ref: string, random: Random): Instance {
  const isLong = random.whole(5) === 0;
  const variables = {
    note: `Übergabe 砂時計 🧭 ${random.whole(1_000_000)}`,
    ...(isLong ? { document: `${ref} ${"lorem ipsum ".repeat(longText / 12)}` } : {}),
  };
  return new Instance(clients, { ref, processId: "service-job", variables, waiting: { job: "at-once" } });
}

export function message(clients: Clients, ref: string): Instance {
  return new Instance(clients, { ref, processId: "message-catch", waiting: { job: "after-message" } });
}

export function incident(clients: Clients, ref: string): Instance {
  const waiting = { incident: { element: "large-or-small" } };
  return new Instance(clients, { ref, processId: "incident", waiting });
}

function userTasks({ clients }: WorkloadOptions, count: number): Operation[] {
  return numbered(count, (n) => {
    const one = userTask(clients, `seed-task-${n}`);
    if (n % 4 === 1) return [one.create(), one.completeTask()];
    return n % 6 === 2 ? [one.create(), one.cancel()] : [one.create()];
  });
}

function jobs({ clients, random }: WorkloadOptions, count: number): Operation[] {
  return numbered(count, (n) => {
    const one = serviceJob(clients, `seed-job-${n}`, random);
    return n % 3 === 1 ? [one.create(), one.completeJob()] : [one.create()];
  });
}

/** Every other place at which an instance can wait; in several lanes, because it takes seconds until an incident shows. */
function elsewhere({ clients }: WorkloadOptions, numbers: readonly number[]): Operation[] {
  return numbers.flatMap((n) => {
    const plain = ["two-steps", "parallel", "error", "business-rule"].map((processId) => {
      const ref = `seed-${processId}-${n}`;
      if (processId !== "business-rule") return new Instance(clients, { ref, processId });
      return new Instance(clients, { ref, processId, variables: { amount: 120 }, decided: { discount: 5 } });
    });
    const jobTask = { userTask: { element: "review", assignee } };
    const others = [
      new Instance(clients, { ref: `seed-job-task-${n}`, processId: "job-user-task", waiting: jobTask }),
      new Instance(clients, {
        ref: `seed-call-${n}`,
        processId: "call-activity",
        waiting: { job: "at-once" },
      }),
    ];
    const waiting = message(clients, `seed-message-${n}`);
    const stuck = incident(clients, `seed-incident-${n}`);
    return [
      ...[...plain, ...others, waiting, stuck].map((one) => one.create()),
      ...(n % 2 === 0 ? [waiting.correlate(), stuck.resolve({ amount: 140 })] : []),
    ];
  });
}

/** Left alone until the restored system has to work on them. */
function reserved({ clients, random }: WorkloadOptions): Operation[] {
  return [
    userTask(clients, "reserved-task"),
    serviceJob(clients, "reserved-job", random),
    message(clients, "reserved-message"),
    incident(clients, "reserved-incident"),
  ].map((one) => one.create());
}

function timers({ clients }: WorkloadOptions, factor: number): Operation[] {
  const spread = (n: number) => timerSeconds + Math.floor((n * timerStepSeconds) / factor);
  return [
    ...numbered(9 * factor, (n) => [durationTimer(clients, `seed-duration-${n}`, spread(n))]),
    ...numbered(5 * factor, (n) => [dateTimer(clients, `seed-date-${n}`, spread(2 * n))]),
    // One of the two is due during the run, never both: where the command to a reminder is swallowed and the escalation
    // ends the task, the reminder is lost for good (docs/camunda-order.md), with every procedure that 8.6.0 allows.
    ...numbered(4 * factor, (n) => {
      const [soon, later] = [spread(3 * n), spread(3 * n) + farAwaySeconds];
      const times =
        n % 2 === 0
          ? { remindSeconds: soon, escalateSeconds: later }
          : { remindSeconds: later, escalateSeconds: soon };
      return [boundaryTimers(clients, `seed-boundary-${n}`, times)];
    }),
    ...numbered(2, (n) => [
      boundaryCycle(clients, `seed-cycle-${n}`, { repetitions: 4 + 8 * n, intervalSeconds: 25 }),
    ]),
  ];
}

function numbered(count: number, make: (n: number) => Operation[]): Operation[] {
  return Array.from({ length: count }, (_, n) => make(n)).flat();
}

/** Numbers of one lane; those of all lanes are apart, and together without a gap. */
function numbersOf(lane: number, count: number): number[] {
  return Array.from({ length: count }, (_, n) => lane * count + n);
}

function* endless(make: (n: number) => Operation[]): Iterable<Operation> {
  for (let n = 0; ; n += 1) yield* make(n);
}

/** Nothing can start before its definition is there. */
function after(deployed: Promise<void>, operation: Operation): Operation {
  return {
    ...operation,
    facts: (seq) => operation.facts(seq),
    perform: async (seq) => {
      await deployed;
      await operation.perform(seq);
    },
  };
}

const finite = { repetitions: 8, intervalSeconds: 20 } as const;
const infinite = { repetitions: null, intervalSeconds: 30 } as const;
const startDateSeconds = 100;

/** One call deploys everything; the processes that start by themselves begin with it. */
function deployment({ clients, fixturesFolder }: WorkloadOptions): {
  readonly operation: Operation;
  readonly deployed: Promise<void>;
} {
  const { promise: deployed, resolve, reject } = Promise.withResolvers<void>();
  deployed.catch(() => undefined); // Every operation that waits for it tells.
  const startDate = Math.ceil(Date.now() / 1000 + startDateSeconds) * 1000;
  const resources = [
    ...readResources(fixturesFolder),
    ...readStartTimers(fixturesFolder, {
      finiteCycle: `R${finite.repetitions}/PT${finite.intervalSeconds}S`,
      infiniteCycle: `R/PT${infinite.intervalSeconds}S`,
      startDate: new Date(startDate).toISOString().replace(".000Z", "Z"),
    }),
  ];
  const dueAt = (startsAt: number) => [
    cycle("timer-start-finite", startsAt, finite),
    cycle("timer-start-infinite", startsAt, infinite),
    once("timer-start-date", startDate),
  ];
  let startsAt = 0;
  return {
    deployed,
    operation: {
      facts: () => resources.map(({ kind, id, digest }) => ({ kind, id, op: "create", digest })),
      perform: async () => {
        startsAt = Date.now();
        noteDueTimes(clients.ledger, dueAt(startsAt));
        await clients.gateway
          .deploy(new Map(resources.map(({ file, text }) => [file, text])))
          .then(resolve, (thrown: unknown) => {
            reject(thrown);
            throw thrown;
          });
      },
      schedules: () => dueAt(startsAt),
    },
  };
}
