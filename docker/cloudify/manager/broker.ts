import { setTimeout as sleep } from "node:timers/promises";
import { connect, type Channel, type ChannelModel, type ConfirmChannel, type ConsumeMessage } from "amqplib";
import { messageOf } from "./errors.ts";
import type { Config } from "./config.ts";

/** Exchange, queue and key that workflows reach the management worker by. Source: cloudify-common, `amqp_client.py`. */
const managementExchange = "cloudify.management";
const workflowQueue = "cloudify.management_workflow";
const workflowKey = "workflow";

/** RabbitMQ refuses a TTL above ten years of 365 days (406, `value_too_large`). */
export const longestTtlMs = 315_360_000_000;

const retryMs = 500;
const connectTries = 120;
const prefetch = 20;

interface Lent {
  readonly channel: ConfirmChannel;
  /** Fails when the broker closes the channel. */
  readonly refused: Promise<never>;
}

type Consumer = (body: unknown) => Promise<void>;

/** The connection to RabbitMQ: made anew for as long as the manager runs. */
export class Broker {
  readonly #config: Config;
  #model: ChannelModel | undefined;
  #consumer: Consumer | undefined;
  #consuming: Channel | undefined;
  #closed = false;
  /** Channels that wait for the next use. */
  #idle: Lent[] = [];

  constructor(config: Config) {
    this.#config = config;
  }

  /** Waits for the broker, declares what all workflows pass through, and consumes it. */
  async start(consumer: Consumer): Promise<void> {
    this.#consumer = consumer;
    await this.#connect();
  }

  async #connect(): Promise<void> {
    const { host, user, password } = this.#config.rabbitmq;
    const url = { protocol: "amqp", hostname: host, username: user, password, vhost: "/", heartbeat: 10 };
    for (let left = connectTries; ; left -= 1) {
      try {
        const model = await connect(url, { timeout: 5000 });
        model.on("error", (problem) => console.error(`broker connection: ${problem.message}`));
        model.on("close", () => this.#reconnect());
        await this.#prepare(model);
        this.#model = model;
        return;
      } catch (thrown) {
        if (left === 0 || this.#closed) throw thrown;
        await sleep(retryMs);
      }
    }
  }

  #reconnect(): void {
    this.#model = undefined;
    if (this.#closed) return;
    console.error("broker connection closed, connecting again");
    void this.#connect().catch((thrown: unknown) => {
      console.error(`broker is not reached: ${messageOf(thrown)}`);
      process.exit(1);
    });
  }

  async #prepare(model: ChannelModel): Promise<void> {
    const channel = await model.createChannel();
    channel.on("error", (problem) => console.error(`broker channel: ${problem.message}`));
    await channel.assertExchange(managementExchange, "direct", { durable: true });
    await channel.assertQueue(workflowQueue, { durable: true });
    await channel.bindQueue(workflowQueue, managementExchange, workflowKey);
    await channel.prefetch(prefetch);
    await channel.consume(workflowQueue, (message) => void this.#deliver(channel, message));
    this.#consuming = channel;
  }

  /** Acknowledged after handling, also when handling failed: as the product's worker does. */
  async #deliver(channel: Channel, message: ConsumeMessage | null): Promise<void> {
    if (message === null) return;
    try {
      await this.#consumer?.(JSON.parse(message.content.toString("utf8")));
    } catch (thrown) {
      console.error(`a delivered workflow failed: ${messageOf(thrown)}`);
    }
    try {
      channel.ack(message);
    } catch {
      // The channel is gone: the broker delivers the message again.
    }
  }

  async publishWorkflow(body: object): Promise<void> {
    await this.#onChannel(async (channel) => {
      channel.publish(managementExchange, workflowKey, Buffer.from(JSON.stringify(body)), {
        persistent: true,
        contentType: "application/json",
      });
    });
  }

  /**
   * A message that comes out after `ttlMs`: exchange `<id>`, queue `<id>_queue`, which dead-letters to the workflow queue.
   * @throws Error with the broker's own words, among them 406 for a TTL that is negative, too large, or unlike the present queue's
   */
  async publishDelayed(id: string, ttlMs: number, body: object): Promise<void> {
    await this.#onChannel(async (channel) => {
      await channel.assertExchange(id, "direct", { durable: true });
      await channel.assertQueue(queueOf(id), {
        durable: true,
        arguments: {
          "x-message-ttl": ttlMs,
          "x-dead-letter-exchange": managementExchange,
          "x-dead-letter-routing-key": workflowKey,
        },
      });
      await channel.bindQueue(queueOf(id), id, workflowKey);
      channel.publish(id, workflowKey, Buffer.from(JSON.stringify(body)), {
        persistent: true,
        contentType: "application/json",
      });
    });
  }

  /** Removes exchange and queue of a delayed message; nothing where there are none. */
  async deleteDelayed(id: string): Promise<void> {
    await this.#onChannel(async (channel) => {
      await channel.deleteQueue(queueOf(id));
      await channel.deleteExchange(id);
    });
  }

  /** A channel of its own and with confirmation: a refusal of the broker closes it, and is nobody else's matter. */
  async #onChannel(action: (channel: Channel) => Promise<void>): Promise<void> {
    const lent = this.#idle.pop() ?? (await this.#openChannel());
    await Promise.race([
      lent.refused,
      action(lent.channel).then(async () => await lent.channel.waitForConfirms()),
    ]);
    this.#idle.push(lent);
  }

  async #openChannel(): Promise<Lent> {
    if (this.#model === undefined) throw new Error("the broker is not connected");
    const channel = await this.#model.createConfirmChannel();
    const refused = new Promise<never>((_, reject) => {
      channel.on("error", reject);
      channel.on("close", () => {
        this.#idle = this.#idle.filter((idle) => idle.channel !== channel);
        reject(new Error("the broker's channel was closed"));
      });
    });
    refused.catch(() => undefined);
    return { channel, refused };
  }

  async waitUntilConnected(limitMs: number): Promise<void> {
    for (let left = limitMs / retryMs; this.#model === undefined; left -= 1) {
      if (left <= 0) throw new Error(`the broker was not connected within ${limitMs} ms`);
      await sleep(retryMs);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#consuming?.close().catch(() => undefined);
    await this.#model?.close().catch(() => undefined);
  }
}

function queueOf(id: string): string {
  return `${id}_queue`;
}
