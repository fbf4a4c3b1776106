import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../core/errors.ts";
import { OperationRefused, type Operation } from "../../core/system.ts";
import type { Fact } from "../../core/tables.ts";
import type { Gateway } from "./gateway.ts";
import type { Ledger } from "./ledger.ts";
import {
  incidentDigest,
  instanceDigest,
  instanceKind,
  jobDigest,
  referenceVariable,
  taskDigest,
  timerProcesses,
  variableDigest,
  variableId,
  type InstanceState,
  type TaskState,
} from "./records.ts";
import { exactNumber } from "../../stores/exact-json.ts";
import { keyText } from "./http.ts";
import { searchOperate, searchTasklist, type WebClient } from "./web-client.ts";

/** One process instance and what Muster does with it: the calls, and the records that each of them writes. */

type Draft = Pick<Fact, "kind" | "id" | "op" | "digest">;

export interface Clients {
  readonly gateway: Gateway;
  readonly operate: WebClient;
  readonly tasklist: WebClient;
  readonly ledger: Ledger;
}

/** Where an instance waits once it was created. */
interface Waiting {
  readonly userTask?: { readonly element: string; readonly assignee: string };
  /** A job of a type that only this instance has; there at once, or once a message came. */
  readonly job?: "at-once" | "after-message";
  readonly incident?: { readonly element: string };
}

const taskVisibleLimitMs = 30_000;
const pollMs = 250;
const jobLockMs = 5_000;
/** A look at the job may have locked it for a moment. */
const jobWaitMs = 8_000;
const jobRetries = 3;
const messageName = "payment-received";
const messageLifeMs = 60_000;

export class Instance {
  readonly ref: string;
  readonly processId: string;
  readonly #variables: Readonly<Record<string, unknown>>;
  readonly #decided: Readonly<Record<string, unknown>>;
  readonly #waiting: Waiting;
  readonly #clients: Clients;

  constructor(
    clients: Clients,
    plan: {
      readonly ref: string;
      readonly processId: string;
      readonly variables?: Readonly<Record<string, unknown>>;
      /** Variables that a decision of the process adds. */
      readonly decided?: Readonly<Record<string, unknown>>;
      readonly waiting?: Waiting;
    },
  ) {
    this.#clients = clients;
    this.ref = plan.ref;
    this.processId = plan.processId;
    this.#waiting = plan.waiting ?? {};
    this.#decided = plan.decided ?? {};
    this.#variables = {
      [referenceVariable]: plan.ref,
      ...(this.#waiting.job === undefined ? {} : { job_type: this.jobType }),
      ...(this.#waiting.job === "after-message" ? { reference: plan.ref } : {}),
      ...(this.#waiting.userTask === undefined ? {} : { assignee: this.#waiting.userTask.assignee }),
      ...plan.variables,
    };
  }

  get jobType(): string {
    return `job-${this.ref}`;
  }

  create(): Operation {
    return {
      facts: () => [
        ...this.#state("create", "ACTIVE"),
        ...this.#isActive(),
        ...this.#variablesAre({ ...this.#variables, ...this.#decided }),
        ...this.#task("create", "CREATED"),
        ...(this.#waiting.job === "at-once" ? [this.#jobIs("create")] : []),
        ...this.#incidentIs("create", true),
      ],
      perform: async () => {
        const { gateway, ledger } = this.#clients;
        const instanceKey = await gateway.createInstance(this.processId, this.#variables);
        const job = this.#waiting.job === undefined ? {} : { jobType: this.jobType };
        ledger.add({ ref: this.ref, processId: this.processId, instanceKey, ...job });
      },
    };
  }

  cancel(): Operation {
    return {
      facts: () => [
        ...this.#ended("CANCELED"),
        ...this.#task("update", "CANCELED"),
        ...(this.#waiting.job === "at-once" ? [this.#jobIs("delete")] : []),
        ...this.#incidentIs("update", false),
      ],
      perform: async () => await this.#clients.gateway.cancelInstance(this.#key()),
    };
  }

  completeTask(): Operation {
    return {
      facts: () => [...this.#ended("COMPLETED"), ...this.#task("update", "COMPLETED")],
      perform: async () => await this.#clients.gateway.completeUserTask(await this.#taskKey()),
    };
  }

  completeJob(): Operation {
    return {
      facts: () => [...this.#ended("COMPLETED"), this.#jobIs("delete")],
      perform: async () => {
        const jobs = await this.#clients.gateway.activateJobs(this.jobType, {
          lockMs: jobLockMs,
          waitMs: jobWaitMs,
        });
        const [job] = jobs;
        if (job === undefined || jobs.length > 1)
          throw new Error(`expected one job of type ${this.jobType}, was given ${jobs.length}`);
        await this.#clients.gateway.completeJob(job.key);
      },
    };
  }

  correlate(): Operation {
    return {
      facts: () => [this.#jobIs("create")],
      perform: async () => {
        await this.#clients.gateway.publishMessage({
          name: messageName,
          correlationKey: this.ref,
          timeToLiveMs: messageLifeMs,
        });
      },
    };
  }

  /** @param variables what was missing */
  resolve(variables: Readonly<Record<string, unknown>>): Operation {
    return {
      facts: () => [
        ...this.#ended("COMPLETED"),
        ...this.#incidentIs("update", false),
        ...this.#variablesAre(variables),
      ],
      perform: async () => {
        const { gateway } = this.#clients;
        const incidentKey = await this.#incidentKey();
        await gateway.setVariables(this.#key(), variables);
        try {
          await gateway.resolveIncident(incidentKey);
        } catch (cause) {
          // Refused or not, the variables are set: the outcome of the whole is open.
          throw new Error(`variables of ${this.ref} were set: ${messageOf(cause)}`, { cause });
        }
      },
    };
  }

  #variablesAre(variables: Readonly<Record<string, unknown>>): Draft[] {
    return Object.entries(variables).map(([name, value]) => ({
      kind: "variable",
      id: variableId(this.ref, name),
      op: "create",
      digest: variableDigest(value),
    }));
  }

  #state(op: Draft["op"], state: InstanceState): Draft[] {
    const digest = instanceDigest(this.processId, state);
    return [{ kind: instanceKind(this.processId), id: this.ref, op, digest }];
  }

  /** One that a timer moves on ends by itself. */
  #isActive(): Draft[] {
    if (timerProcesses.has(this.processId)) return [];
    return [{ kind: "active-instance", id: this.ref, op: "create", digest: variableDigest(this.processId) }];
  }

  #ended(state: InstanceState): Draft[] {
    return [
      ...this.#state("update", state),
      { kind: "active-instance", id: this.ref, op: "delete", digest: null },
    ];
  }

  #task(op: Draft["op"], state: TaskState): Draft[] {
    const { userTask } = this.#waiting;
    if (userTask === undefined) return [];
    const digest = taskDigest({ processId: this.processId, ...userTask, state });
    return [{ kind: "user-task", id: this.ref, op, digest }];
  }

  #jobIs(op: "create" | "delete"): Draft {
    if (op === "delete") return { kind: "job", id: this.ref, op, digest: null };
    const digest = jobDigest({ type: this.jobType, retries: jobRetries, variables: this.#variables });
    return { kind: "job", id: this.ref, op, digest };
  }

  #incidentIs(op: Draft["op"], isOpen: boolean): Draft[] {
    const { incident } = this.#waiting;
    if (incident === undefined) return [];
    return [{ kind: "incident", id: this.ref, op, digest: incidentDigest({ ...incident, isOpen }) }];
  }

  #key(): string {
    const entry = this.#clients.ledger.find(this.ref);
    if (entry !== undefined) return entry.instanceKey;
    throw new OperationRefused(`nothing was asked: the key of ${this.ref} was never given out`);
  }

  /** Tasks and incidents are found as a user finds them: in Tasklist and Operate, a moment after they were made. */
  async #taskKey(): Promise<string> {
    const filter = { processInstanceKey: this.#key(), state: "CREATED" };
    return await untilFound(`an open task of ${this.ref} in Tasklist`, async () => {
      for await (const task of searchTasklist(this.#clients.tasklist, filter)) return task.id;
      return undefined;
    });
  }

  async #incidentKey(): Promise<string> {
    const filter = { processInstanceKey: exactNumber(this.#key()) };
    return await untilFound(`an incident of ${this.ref} in Operate`, async () => {
      for await (const incident of searchOperate(this.#clients.operate, "incidents", filter))
        if (incident["state"] === "ACTIVE") return keyText(incident["key"]);
      return undefined;
    });
  }
}

/** @throws OperationRefused where it does not come: then nothing was asked of the engine. */
async function untilFound(what: string, find: () => Promise<string | undefined>): Promise<string> {
  const endsAt = performance.now() + taskVisibleLimitMs;
  while (performance.now() < endsAt) {
    const found = await find();
    if (found !== undefined) return found;
    await sleep(pollMs);
  }
  throw new OperationRefused(`nothing was asked: waited ${taskVisibleLimitMs} ms for ${what}`);
}
