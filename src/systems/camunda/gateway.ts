import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { OperationRefused } from "../../core/system.ts";
import type { Identity } from "./identity.ts";
import { callServer, keyText, UnexpectedAnswer, type Address, type Answer } from "./http.ts";

/**
 * Zeebe's REST gateway, version 2, and the broker's management port.
 * Sources: Camunda 8.6 documentation, "Camunda 8 REST API" and "Management API"; what 8.6.0 really answers was observed:
 * it has no search of instances, user tasks or jobs.
 */

const key = z.union([z.number(), z.string()]).transform(keyText);
const createdSchema = z.object({ processInstanceKey: key });
const deploymentSchema = z.object({ deployments: z.array(z.unknown()) });
const messageSchema = z.object({ messageKey: key });
const jobsSchema = z.object({
  jobs: z.array(
    z.object({
      key,
      type: z.string(),
      processDefinitionId: z.string(),
      processInstanceKey: key,
      elementId: z.string(),
      retries: z.int(),
      variables: z.record(z.string(), z.unknown()),
    }),
  ),
});
export type Job = z.infer<typeof jobsSchema>["jobs"][number];

const partitionsSchema = z.record(
  z.string(),
  z.object({
    role: z.string(),
    processedPosition: z.number().nullable(),
    exportedPosition: z.number().nullable(),
    exporterPhase: z.string().nullable(),
    streamProcessorPhase: z.string().nullable(),
    snapshotId: z.string().nullable(),
  }),
);
export type Partitions = z.infer<typeof partitionsSchema>;

const topologySchema = z.object({
  brokers: z.array(z.object({ partitions: z.array(z.object({ role: z.string(), health: z.string() })) })),
});

const backupSchema = z.object({ state: z.string(), failureReason: z.string().nullish() });

const notFound = 404;
/** Commands are processed within tens of milliseconds; on a busy machine within some more. */
const processedWithinMs = 200;
const tooManyRequests = 429;

export class Gateway {
  readonly #address: Address;
  readonly #management: Address;
  readonly #identity: Identity;

  constructor(options: {
    readonly address: Address;
    readonly management: Address;
    readonly identity: Identity;
  }) {
    this.#address = options.address;
    this.#management = options.management;
    this.#identity = options.identity;
  }

  /** Role and positions of every partition, by number. */
  async partitions(): Promise<Partitions> {
    const answer = await callServer(this.#management, { path: "/actuator/partitions" });
    if (answer.status !== 200) throw new UnexpectedAnswer("the list of partitions", answer);
    return partitionsSchema.parse(answer.body);
  }

  /** Number of partitions to whose leader the gateway can send commands: readiness comes before it knows them. */
  async reachableLeaders(): Promise<number> {
    const answer = await callServer(this.#address, {
      path: "/v2/topology",
      headers: await this.#identity.headers(),
    });
    if (answer.status === 401) this.#identity.forget();
    if (answer.status !== 200) throw new UnexpectedAnswer("the topology", answer);
    const partitions = topologySchema.parse(answer.body).brokers.flatMap((broker) => broker.partitions);
    return partitions.filter(({ role, health }) => role === "leader" && health === "healthy").length;
  }

  /** Asks the broker for a backup of every partition; it is taken after the answer. */
  async startBackup(id: string): Promise<void> {
    const answer = await callServer(this.#management, {
      path: "/actuator/backups",
      body: { backupId: Number(id) },
    });
    if (answer.status !== 202) throw new UnexpectedAnswer(`starting backup ${id}`, answer);
  }

  /** @returns undefined where the broker knows no such backup: it does only some moments after it was asked for one */
  async backup(id: string): Promise<z.infer<typeof backupSchema> | undefined> {
    const answer = await callServer(this.#management, { path: `/actuator/backups/${id}` });
    if (answer.status === notFound) return undefined;
    if (answer.status !== 200) throw new UnexpectedAnswer(`the state of backup ${id}`, answer);
    return backupSchema.parse(answer.body);
  }

  /** Deploys resources in one call. */
  async deploy(resources: ReadonlyMap<string, string>): Promise<void> {
    const form = new FormData();
    for (const [name, text] of resources) form.append("resources", new Blob([text]), name);
    const answer = await this.#command("deploy", "/v2/deployments", form);
    deploymentSchema.parse(answer.body);
  }

  /** @returns key of the instance */
  async createInstance(
    processId: string,
    variables: Readonly<Record<string, unknown>>,
    limitMs?: number,
  ): Promise<string> {
    const body = { processDefinitionId: processId, variables };
    const answer = await this.#command(`create ${processId}`, "/v2/process-instances", body, { limitMs });
    return createdSchema.parse(answer.body).processInstanceKey;
  }

  async cancelInstance(instance: string): Promise<void> {
    await this.#command(`cancel ${instance}`, `/v2/process-instances/${instance}/cancellation`, {});
  }

  async completeUserTask(task: string): Promise<void> {
    await this.#command(`complete task ${task}`, `/v2/user-tasks/${task}/completion`, { variables: {} });
  }

  /** Jobs of a type; they are locked for `lockMs` and then given out again. `waitMs` 0 does not wait for jobs to come. */
  async activateJobs(
    type: string,
    options: { readonly lockMs: number; readonly waitMs?: number },
  ): Promise<Job[]> {
    const waitMs = options.waitMs ?? 0;
    const answer = await this.#command(
      `activate jobs of type ${type}`,
      "/v2/jobs/activation",
      {
        type,
        maxJobsToActivate: 32,
        timeout: options.lockMs,
        requestTimeout: waitMs === 0 ? -1 : waitMs,
        worker: "muster",
      },
      { limitMs: 10_000 + waitMs },
    );
    return jobsSchema.parse(answer.body).jobs;
  }

  async completeJob(job: string): Promise<void> {
    await this.#command(`complete job ${job}`, `/v2/jobs/${job}/completion`, { variables: {} });
  }

  /** @returns key of the message, whose high bits name the partition that took it */
  async publishMessage(
    message: { readonly name: string; readonly correlationKey: string; readonly timeToLiveMs: number },
    limitMs?: number,
  ): Promise<string> {
    const { name, correlationKey, timeToLiveMs: timeToLive } = message;
    const body = { name, correlationKey, timeToLive, variables: {} };
    const answer = await this.#command(`publish ${name}`, "/v2/messages/publication", body, { limitMs });
    return messageSchema.parse(answer.body).messageKey;
  }

  async setVariables(scope: string, variables: Readonly<Record<string, unknown>>): Promise<void> {
    const path = `/v2/element-instances/${scope}/variables`;
    await this.#command(`set variables of ${scope}`, path, { variables }, { method: "PUT" });
  }

  async resolveIncident(incident: string): Promise<void> {
    await this.#command(`resolve incident ${incident}`, `/v2/incidents/${incident}/resolution`, {});
  }

  /**
   * Whether the engine holds an instance, asked by a modification that changes nothing: 8.6 has no reading call for it.
   * @throws where nothing answered: a time-out is no absence.
   */
  async instanceExists(instance: string): Promise<boolean> {
    const answer = await callServer(this.#address, {
      path: `/v2/process-instances/${instance}/modification`,
      body: { activateInstructions: [], terminateInstructions: [] },
      headers: await this.#identity.headers(),
      limitMs: 3000,
    });
    if (answer.status === 204) return true;
    if (answer.status === notFound) return false;
    throw new UnexpectedAnswer(`asking for instance ${instance}`, answer);
  }

  /**
   * A refusal changed nothing; a server's error or silence leaves the outcome open. No command is sent in the last part of a
   * second: Tasklist 8.6.0 imports nothing more of a partition once the record of a user task carries a whole second
   * (camunda/camunda issue 27237; seen, and provoked).
   */
  async #command(
    what: string,
    path: string,
    body: unknown,
    options: {
      readonly method?: "PUT";
      readonly limitMs?: number | undefined;
    } = {},
  ): Promise<Answer> {
    const untilNextSecondMs = 1_000 - (Date.now() % 1_000);
    if (untilNextSecondMs < processedWithinMs) await sleep(untilNextSecondMs + 1);
    const answer = await callServer(this.#address, {
      method: options.method ?? "POST",
      path,
      body,
      headers: await this.#identity.headers(),
      ...(options.limitMs === undefined ? {} : { limitMs: options.limitMs }),
    });
    if (answer.status < 300) return answer;
    if (answer.status === 401) this.#identity.forget();
    const failure = new UnexpectedAnswer(what, answer);
    // 429: the partition pushed back before the command was written.
    if (answer.status < 500 || answer.status === tooManyRequests)
      throw new OperationRefused(failure.message, { cause: failure });
    throw failure;
  }
}
