import { setTimeout as sleep } from "node:timers/promises";
import { MusterError, messageOf } from "../../core/errors.ts";
import { seededRandom } from "../../core/random.ts";
import type { StackHandle } from "../../core/stack.ts";
import type { ConnectContext, Connection, Seen, Workload, WorkloadRequest } from "../../core/system.ts";
import type { Firing } from "../../core/tables.ts";
import { PostgresStore } from "../../stores/postgres.ts";
import { RabbitmqStore } from "../../stores/rabbitmq.ts";
import { makeArchives, type Archive } from "./blueprint.ts";
import type { Clients } from "./clients.ts";
import { adminSecret, postgresSecret, rabbitmqSecret } from "./deployment.ts";
import { Ledger } from "./ledger.ts";
import { ManagerClient } from "./manager-client.ts";
import { observeApi } from "./observe-api.ts";
import { observeBroker } from "./observe-broker.ts";
import { observeDatabase } from "./observe-database.ts";
import { observeSchedules } from "./observe-schedules.ts";
import { observeFiles, observeSecurity } from "./observe-files.ts";
import { againWorkload, probeWorkload } from "./proving-writes.ts";
import { textOf } from "./records.ts";
import { readScheduled, type ScheduledState } from "./scheduled-state.ts";
import { watchScheduled } from "./watch.ts";
import { afterWorkload, seedWorkload, type ClockName, type WorkloadName } from "./workload.ts";

const archiveCount = 8;
const readyLimitMs = 60_000;
const settleLimitMs = 30_000;
const pollMs = 250;
const unfinished = ["pending", "started", "queued", "cancelling", "force_cancelling", "kill_cancelling"];

interface Choices {
  readonly workload: WorkloadName;
  readonly keepsPromises: boolean;
  readonly clock: ClockName;
}

/** A client of one stack. Addresses are asked for when they are needed: servers come and go. */
export class CloudifyConnection implements Connection {
  readonly #stack: StackHandle;
  readonly #context: ConnectContext;
  readonly #clients: Clients;
  readonly #workload: WorkloadName;
  readonly #clock: ClockName;
  /** Both sides of one reading are shown: rows by the database, messages by the broker. */
  #scheduled: Promise<ScheduledState> | undefined;

  private constructor(
    stack: StackHandle,
    context: ConnectContext,
    { workload, keepsPromises, clock, archives }: Choices & { readonly archives: readonly Archive[] },
  ) {
    this.#stack = stack;
    this.#context = context;
    this.#workload = workload;
    this.#clock = clock;
    const password = context.secret(adminSecret);
    this.#clients = {
      manager: new ManagerClient(async () => await stack.endpoint("manager", 80), {
        username: "admin",
        password,
      }),
      effects: async () => await stack.endpoint("effects", 8080),
      ledger: new Ledger(context.memory),
      keepsPromises,
      archives,
      secret: (name) => context.secret(name),
    };
  }

  static async open(
    stack: StackHandle,
    context: ConnectContext,
    choices: Choices,
  ): Promise<CloudifyConnection> {
    return new CloudifyConnection(stack, context, { ...choices, archives: await makeArchives(archiveCount) });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(); // Every reading closes what it opened.
  }

  /** The old administrator reads blueprints: that is refused with another key, and in maintenance. */
  async ready(): Promise<void> {
    const endsAt = performance.now() + readyLimitMs;
    let last = "no answer";
    while (performance.now() < endsAt) {
      try {
        await this.#clients.manager.call({ path: "/blueprints" });
        return;
      } catch (thrown) {
        last = messageOf(thrown);
      }
      await sleep(pollMs);
    }
    throw new MusterError("TIMEOUT", {
      message: `waited ${readyLimitMs} ms for the manager to list blueprints (last: ${last})`,
      hint: "the logs of the services are in the run's folder",
    });
  }

  workload({ epoch, seed, scale }: WorkloadRequest): Workload {
    const random = seededRandom(seed).fork(epoch);
    const options = { clients: this.#clients, random, name: this.#workload, clock: this.#clock };
    switch (epoch) {
      case "seed":
        return seedWorkload({ ...options, scale });
      case "during":
        throw new MusterError("REFUSED", {
          message: "a snapshot is refused while anything runs: there is no hot procedure",
          hint: "use a runbook of mode cold",
        });
      case "after":
        return afterWorkload(options);
      case "probe":
        return probeWorkload(this.#clients);
      case "again":
        return againWorkload(options);
    }
  }

  /** Nothing is under way any more; what waits for its time may wait. */
  async settle(): Promise<void> {
    const endsAt = performance.now() + settleLimitMs;
    const query = { status: unfinished.join(","), _include_system_workflows: "True" };
    for (;;) {
      const left: string[] = [];
      for await (const item of this.#clients.manager.listEverywhere("/executions", query))
        if (unfinished.includes(textOf(item, "status"))) left.push(textOf(item, "workflow_id"));
      if (left.length === 0) return;
      if (performance.now() > endsAt)
        throw new MusterError("TIMEOUT", {
          message: `after ${settleLimitMs} ms these executions have not ended: ${left.join(", ")}`,
        });
      await sleep(pollMs);
    }
  }

  watch(signal: AbortSignal): AsyncIterable<Firing> {
    return watchScheduled(this.#clients, signal);
  }

  async *observe(component: string): AsyncIterable<Seen> {
    switch (component) {
      case "database": {
        await using database = await this.#database();
        yield* observeDatabase(database, (await this.#readScheduled()).rows);
        if (this.#workload === "rules") yield* observeSchedules(database);
        return;
      }
      case "broker":
        yield* observeBroker(await this.#broker(), (await this.#readScheduled()).messages);
        return;
      case "files":
        yield* observeFiles(this.#stack);
        return;
      case "security":
        yield* observeSecurity(this.#stack);
        return;
      case "api":
        yield* observeApi(this.#clients);
        return;
      default:
        throw new MusterError("UNKNOWN_NAME", { message: `cloudify has no component "${component}"` });
    }
  }

  async probeGone(): Promise<{ gone: boolean; detail: string }> {
    try {
      const { status } = await this.#clients.manager.ask({ path: "/status" });
      return { gone: false, detail: `the manager still answers with ${status}` };
    } catch (thrown) {
      const isThere = thrown instanceof Error && thrown.name === "TimeoutError";
      return { gone: !isThere, detail: `the manager does not answer: ${messageOf(thrown)}` };
    }
  }

  async #readScheduled(): Promise<ScheduledState> {
    const reading = async () => {
      await using database = await this.#database();
      return await readScheduled(database, await this.#broker());
    };
    const scheduled = (this.#scheduled ??= reading());
    scheduled.catch(() => (this.#scheduled = undefined));
    return await scheduled;
  }

  async #database(): Promise<PostgresStore> {
    return await PostgresStore.open({
      ...(await this.#stack.endpoint("postgres", 5432)),
      user: "cloudify",
      password: this.#context.secret(postgresSecret),
      database: "cloudify_db",
    });
  }

  async #broker(): Promise<RabbitmqStore> {
    return new RabbitmqStore({
      ...(await this.#stack.endpoint("rabbitmq", 15672)),
      user: "cloudify",
      password: this.#context.secret(rabbitmqSecret),
    });
  }
}
