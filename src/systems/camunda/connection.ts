import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MusterError, messageOf } from "../../core/errors.ts";
import { seededRandom } from "../../core/random.ts";
import type { StackHandle } from "../../core/stack.ts";
import type { ConnectContext, Connection, Seen, Workload, WorkloadRequest } from "../../core/system.ts";
import type { Firing } from "../../core/tables.ts";
import type { Gate } from "../../core/verdict.ts";
import { ElasticsearchStore } from "../../stores/elasticsearch.ts";
import { drillSecret, userSecret } from "./deployment.ts";
import { Gateway } from "./gateway.ts";
import { Identity } from "./identity.ts";
import type { Clients } from "./instance.ts";
import { Ledger } from "./ledger.ts";
import { observeApi } from "./observe-api.ts";
import { observeIndices } from "./observe-indices.ts";
import { observeOperate } from "./observe-operate.ts";
import { observeOptimize } from "./observe-optimize.ts";
import { observeRecords } from "./observe-records.ts";
import { observeScreens } from "./observe-screens.ts";
import { observeTasklist } from "./observe-tasklist.ts";
import { observeZeebe } from "./observe-zeebe.ts";
import { restoredPositions, runningPositions } from "./positions.ts";
import { againWorkload, probeWorkload } from "./proving-writes.ts";
import { settle } from "./settle.ts";
import { searchOperate, searchTasklist, WebClient } from "./web-client.ts";
import { watchTimers } from "./worker.ts";
import { afterWorkload, duringWorkload, seedWorkload } from "./workload.ts";

const fixturesFolder = join(import.meta.dirname, "../../../fixtures/camunda");
const readyLimitMs = 180_000;
const pollMs = 500;

/** A client of one stack. Addresses are asked for when they are needed: servers come and go. */
export class CamundaConnection implements Connection {
  readonly #stack: StackHandle;
  readonly #partitions: number;
  readonly #clients: Clients;
  readonly #context: ConnectContext;

  constructor(stack: StackHandle, context: ConnectContext, partitions: number) {
    const { memory, secret } = context;
    this.#context = context;
    this.#stack = stack;
    this.#partitions = partitions;
    const identity = new Identity(async () => await stack.endpoint("keycloak", 8080), secret(drillSecret));
    const gateway = new Gateway({
      address: async () => await stack.endpoint("zeebe", 8080),
      management: async () => await stack.endpoint("zeebe", 9600),
      identity,
    });
    const operate = new WebClient(async () => await stack.endpoint("operate", 8080), identity);
    const tasklist = new WebClient(async () => await stack.endpoint("tasklist", 8080), identity);
    this.#clients = { gateway, operate, tasklist, ledger: new Ledger(memory) };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(); // Every call is a connection of its own.
  }

  /** Every partition has a leader that works, and Operate and Tasklist answer with a token of Keycloak. */
  async ready(): Promise<void> {
    const endsAt = performance.now() + readyLimitMs;
    let last = "no answer";
    while (performance.now() < endsAt) {
      try {
        const complaint = await this.#complaint();
        if (complaint === undefined) return;
        last = complaint;
      } catch (thrown) {
        last = messageOf(thrown);
      }
      await sleep(pollMs);
    }
    throw new MusterError("TIMEOUT", {
      message: `waited ${readyLimitMs} ms for Zeebe, Operate and Tasklist (last: ${last})`,
      hint: "the logs of the services are in the run's folder",
    });
  }

  async #complaint(): Promise<string | undefined> {
    const partitions = Object.values(await this.#clients.gateway.partitions());
    const working = partitions.filter(
      ({ role, streamProcessorPhase }) => role === "LEADER" && streamProcessorPhase === "PROCESSING",
    );
    if (working.length < this.#partitions)
      return `${working.length} of ${this.#partitions} partitions have a leader that processes`;
    const reachable = await this.#clients.gateway.reachableLeaders();
    if (reachable < this.#partitions)
      return `the gateway reaches the leaders of ${reachable} of ${this.#partitions} partitions`;
    for await (const _ of searchOperate(this.#clients.operate, "process-definitions")) break;
    for await (const _ of searchTasklist(this.#clients.tasklist)) break;
    return undefined;
  }

  workload({ epoch, seed, scale }: WorkloadRequest): Workload {
    const options = { clients: this.#clients, fixturesFolder, random: seededRandom(seed).fork(epoch) };
    switch (epoch) {
      case "seed":
        return seedWorkload({ ...options, scale });
      case "during":
        return duringWorkload(options);
      case "after":
        return afterWorkload(options);
      case "probe":
        return probeWorkload(this.#clients, this.#partitions);
      case "again":
        return againWorkload(this.#clients, options);
    }
  }

  async settle(): Promise<void> {
    await using index = await this.#index();
    const { gateway, ledger } = this.#clients;
    await settle({ gateway, index, ledger, partitions: this.#partitions });
  }

  watch(signal: AbortSignal): AsyncIterable<Firing> {
    return watchTimers(this.#clients.gateway, this.#clients.ledger, signal);
  }

  async *observe(component: string, gate: Gate): AsyncIterable<Seen> {
    if (component === "api") {
      yield* observeApi(this.#clients.operate, this.#clients.tasklist);
      return;
    }
    if (component === "positions") {
      yield* gate === "restored" ? restoredPositions(this.#stack) : runningPositions(this.#clients.gateway);
      return;
    }
    if (component === "screens") {
      yield* this.#screens(gate);
      return;
    }
    await using index = await this.#index();
    switch (component) {
      case "indices":
        yield* observeIndices(index);
        return;
      case "zeebe":
        yield* observeZeebe({ index, ...this.#clients });
        return;
      case "records":
        yield* observeRecords(index);
        return;
      case "operate":
        yield* observeOperate(index);
        return;
      case "tasklist":
        yield* observeTasklist(index);
        return;
      case "optimize":
        yield* observeOptimize(index);
        return;
      default:
        throw new MusterError("UNKNOWN_NAME", { message: `camunda has no component "${component}"` });
    }
  }

  async *#screens(gate: Gate): AsyncIterable<Seen> {
    yield* observeScreens({
      ...this.#clients,
      browser: await this.#stack.endpoint("browser", 9222),
      password: this.#context.secret(userSecret),
      keepPicture: async (screen, png) =>
        await this.#context.keepEvidence(`screens/${gate}-${screen.replaceAll("/", "-")}.png`, png),
    });
  }

  async probeGone(): Promise<{ gone: boolean; detail: string }> {
    try {
      const partitions = await this.#clients.gateway.partitions();
      return {
        gone: false,
        detail: `the broker still answers with ${Object.keys(partitions).length} partitions`,
      };
    } catch (thrown) {
      const isThere = thrown instanceof Error && thrown.name === "TimeoutError";
      return { gone: !isThere, detail: `the broker does not answer: ${messageOf(thrown)}` };
    }
  }

  async #index(): Promise<ElasticsearchStore> {
    return new ElasticsearchStore(await this.#stack.endpoint("elasticsearch", 9200));
  }
}
