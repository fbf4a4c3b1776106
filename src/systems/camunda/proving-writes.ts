import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../../core/random.ts";
import type { Operation, Workload } from "../../core/system.ts";
import type { Fact } from "../../core/tables.ts";
import type { Clients } from "./instance.ts";
import { digestOf } from "../../stores/digest.ts";
import { keyText } from "./http.ts";
import { readResources } from "./processes.ts";
import { searchOperate, type WebClient } from "./web-client.ts";
import { incident, message, serviceJob, userTask } from "./workload.ts";

/** Writes of which only the outcome counts: the first commands of a started system, and what a restored one has to do. */

const probesPerPartition = 30;
/** A command that is processed is answered in milliseconds. */
const probeLimitMs = 5_000;
const probeMessage = "muster-probe";

/**
 * The first commands to each partition: messages that nothing waits for and that live for no time. A message goes to the
 * partition that its correlation key names. Source: camunda-observed, finding 1: after a restore the first commands to a
 * partition can be accepted and never processed.
 */
export function probeWorkload({ gateway }: Clients, partitions: number): Workload {
  const lanes = Array.from({ length: partitions }, (_, index) => index + 1).flatMap((partition) =>
    correlationKeys(partition, partitions).map((correlationKey, n): Operation[] => [
      {
        facts: () => [command(`partition-${partition}/command-${String(n + 1).padStart(2, "0")}`)],
        perform: async () => {
          await gateway.publishMessage({ name: probeMessage, correlationKey, timeToLiveMs: 0 }, probeLimitMs);
        },
      },
    ]),
  );
  return { operations: lanes.length, lanes };
}

function command(id: string): Pick<Fact, "kind" | "id" | "op" | "digest"> {
  return { kind: "command", id, op: "create", digest: null };
}

/** Keys that belong to one partition: Java's hash of the text, modulo the number of partitions (observed on 8.6.0). */
function correlationKeys(partition: number, partitions: number): string[] {
  const keys: string[] = [];
  for (let n = 0; keys.length < probesPerPartition; n += 1) {
    const key = `probe-${n}`;
    if (partitionOf(key, partitions) === partition) keys.push(key);
  }
  return keys;
}

function partitionOf(text: string, partitions: number): number {
  let hash = 0;
  for (const byte of Buffer.from(text)) hash = (Math.imul(31, hash) + byte) | 0;
  return Math.abs(hash % partitions) + 1;
}

/** After the restore: everything that waited can go on, every definition can be started, new work is taken. */
export function againWorkload(
  clients: Clients,
  options: { readonly fixturesFolder: string; readonly random: Random },
): Workload {
  const { random } = options;
  const restoredMessage = message(clients, "reserved-message");
  const task = userTask(clients, "again-task");
  const job = serviceJob(clients, "again-job", random);
  const waiting = message(clients, "again-message");
  const lanes: Operation[][] = [
    [userTask(clients, "reserved-task").completeTask()],
    [serviceJob(clients, "reserved-job", random).completeJob()],
    [restoredMessage.correlate(), restoredMessage.completeJob()],
    [incident(clients, "reserved-incident").resolve({ amount: 140 })],
    [...createWithNewKey(clients, task), task.completeTask()],
    [...createWithNewKey(clients, job), job.completeJob()],
    [
      waiting.create(),
      waiting.correlate(),
      onlyOnce(clients, waiting.jobType, waiting.ref),
      waiting.completeJob(),
    ],
    startEach(clients, options.fixturesFolder),
    [nextBackup(clients)],
  ];
  return { operations: lanes.flat().length, lanes };
}

/** Keys that are given out again would mix new instances with restored ones: a new one lies above all of its partition. */
function createWithNewKey(
  { ledger, operate }: Clients,
  instance: { readonly ref: string; create(): Operation },
): Operation[] {
  const create = instance.create();
  let restored: readonly string[] = [];
  const createAfterLooking: Operation = {
    facts: (seq) => create.facts(seq),
    perform: async (seq) => {
      restored = await instanceKeys(operate);
      await create.perform(seq);
    },
  };
  const lookAtKey: Operation = {
    facts: () => [{ kind: "instance-key", id: instance.ref, op: "create", digest: null }],
    perform: () => {
      const key = ledger.find(instance.ref)?.instanceKey;
      if (key === undefined) throw new Error(`${instance.ref} was given no key`);
      const above = keyNotBelow(key, restored);
      if (above !== undefined)
        throw new Error(`${instance.ref} was given key ${key}, and ${above} was restored on its partition`);
      return Promise.resolve();
    },
  };
  return [createAfterLooking, lookAtKey];
}

async function instanceKeys(operate: WebClient): Promise<string[]> {
  const keys: string[] = [];
  for await (const item of searchOperate(operate, "process-instances")) keys.push(keyText(item["key"]));
  if (keys.length === 0) throw new Error("Operate shows no instance that a new key could be compared with");
  return keys;
}

/** The 13 highest bits of a key name the partition that gave it out, the others count up (Zeebe's `Protocol`). */
const bitsThatCount = 51n;

/** @returns the first of `restored` that the same partition gave out and that is not below `key` */
export function keyNotBelow(key: string, restored: readonly string[]): string | undefined {
  const created = BigInt(key);
  return restored.find((other) => {
    const found = BigInt(other);
    return found >> bitsThatCount === created >> bitsThatCount && found >= created;
  });
}

const backupLimitMs = 60_000;
const backupPollMs = 500;

/** A restored broker must be able to be backed up again, under an id above all that its store holds (camunda I20). */
function nextBackup({ gateway }: Clients): Operation {
  return {
    facts: () => [{ kind: "backup", id: "the next one", op: "create", digest: null }],
    perform: async () => {
      const id = String(Math.floor(Date.now() / 1_000));
      await gateway.startBackup(id);
      const endsAt = performance.now() + backupLimitMs;
      for (;;) {
        const backup = await gateway.backup(id);
        if (backup?.state === "COMPLETED") return;
        if (backup?.state === "FAILED" || performance.now() > endsAt)
          throw new Error(
            `backup ${id} is ${backup?.state ?? "unknown to the broker"} (${backup?.failureReason ?? "without a reason"})`,
          );
        await sleep(backupPollMs);
      }
    },
  };
}

const correlationLimitMs = 10_000;
const briefLockMs = 500;

/** The message came once, so one job is there, and none besides. */
function onlyOnce({ gateway }: Clients, jobType: string, ref: string): Operation {
  return {
    facts: () => [{ kind: "correlation", id: ref, op: "create", digest: null }],
    perform: async () => {
      const jobs = await gateway.activateJobs(jobType, { lockMs: briefLockMs, waitMs: correlationLimitMs });
      if (jobs.length !== 1) throw new Error(`expected one job after the message, was given ${jobs.length}`);
      await sleep(2 * briefLockMs); // The lock has to end before the job can be completed by the next call.
    },
  };
}

/** Every definition that does not start by itself is started, and its instance cancelled. */
function startEach({ gateway }: Clients, fixturesFolder: string): Operation[] {
  const processes = readResources(fixturesFolder).filter(({ kind }) => kind === "definition");
  return processes.map(({ file }) => {
    const processId = file.replace(/\.bpmn$/, "");
    return {
      facts: () => [{ kind: "start", id: `${processId}:1`, op: "create", digest: digestOf({ processId }) }],
      perform: async () => {
        const key = await gateway.createInstance(processId, startVariables);
        // One that waits for nothing is over before it can be cancelled; none of the fixtures is.
        await gateway.cancelInstance(key);
      },
    };
  });
}

const farAway = "PT1H";
/** Enough for each of the fixtures to reach a place where it waits; without an amount, one waits at an incident. */
const startVariables = {
  ref: "canary-start",
  assignee: "demo",
  job_type: "never-asked-for",
  reference: "canary-start",
  duration: farAway,
  date_due: "2099-01-01T00:00:00Z",
  remind_after: farAway,
  escalate_after: farAway,
  cycle: `R1/${farAway}`,
};
