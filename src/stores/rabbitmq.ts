import { z } from "zod";
import { MusterError } from "../core/errors.ts";

/** Looks at a RabbitMQ broker through its management API; nothing is consumed. */

interface RabbitmqOptions {
  readonly host: string;
  /** Port of the management API. */
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

const answerLimitMs = 10_000;

const queueSchema = z.object({
  name: z.string(),
  vhost: z.string(),
  durable: z.boolean(),
  arguments: z.record(z.string(), z.unknown()),
});
export type Queue = z.infer<typeof queueSchema>;

const messagesSchema = z.array(z.object({ payload: z.string(), message_count: z.int() }));
const namedSchema = z.array(z.object({ name: z.string() }));

export class RabbitmqStore {
  readonly #base: string;
  readonly #authorization: string;

  constructor({ host, port, user, password }: RabbitmqOptions) {
    this.#base = `http://${host}:${port}/api`;
    this.#authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  }

  async vhosts(): Promise<string[]> {
    return namedSchema.parse(await this.#call("GET", "/vhosts?columns=name")).map(({ name }) => name);
  }

  async queues(vhost: string): Promise<Queue[]> {
    const path = `/queues/${encodeURIComponent(vhost)}?columns=name,vhost,durable,arguments`;
    return z.array(queueSchema).parse(await this.#call("GET", path));
  }

  /**
   * Messages of a queue, looked at and put back: they keep their expiry. The counters of the management API are seconds
   * old, so the messages themselves are counted; undefined where the queue has gone.
   */
  async peek(vhost: string, queue: string, limit: number): Promise<string[] | undefined> {
    const path = `/queues/${encodeURIComponent(vhost)}/${encodeURIComponent(queue)}/get`;
    const body = { count: limit, ackmode: "ack_requeue_true", encoding: "auto" };
    const answer = await this.#call("POST", path, body);
    return answer === undefined ? undefined : messagesSchema.parse(answer).map(({ payload }) => payload);
  }

  async #call(method: "GET" | "POST", path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.#base}${path}`, {
      method,
      headers: { authorization: this.#authorization, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(answerLimitMs),
    });
    const text = await response.text();
    if (response.status === 404) return undefined;
    if (!response.ok)
      throw new MusterError("STACK_FAILED", {
        message: `rabbitmq answered ${method} ${path} with ${response.status}: ${text.slice(0, 200)}`,
        hint: "look at the log of the broker",
      });
    return JSON.parse(text);
  }
}
