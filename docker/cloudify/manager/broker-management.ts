import type { Config } from "./config.ts";

const managementPort = 15672;
const answerLimitMs = 10_000;

/** Virtual hosts, users and permissions of RabbitMQ, through its management API. */
export class BrokerManagement {
  readonly #base: string;
  readonly #authorization: string;

  constructor({ rabbitmq }: Config) {
    this.#base = `http://${rabbitmq.host}:${managementPort}/api`;
    this.#authorization = `Basic ${Buffer.from(`${rabbitmq.user}:${rabbitmq.password}`).toString("base64")}`;
  }

  /** A virtual host with one user that may do everything in it. */
  async ensureTenant(vhost: string, username: string, password: string): Promise<void> {
    await this.#call("PUT", `/vhosts/${encodeURIComponent(vhost)}`, {});
    await this.#call("PUT", `/users/${encodeURIComponent(username)}`, { password, tags: "" });
    const everything = { configure: ".*", write: ".*", read: ".*" };
    await this.#call(
      "PUT",
      `/permissions/${encodeURIComponent(vhost)}/${encodeURIComponent(username)}`,
      everything,
    );
  }

  async removeVhost(vhost: string): Promise<void> {
    await this.#call("DELETE", `/vhosts/${encodeURIComponent(vhost)}`);
  }

  async removeUser(username: string): Promise<void> {
    await this.#call("DELETE", `/users/${encodeURIComponent(username)}`);
  }

  async vhosts(): Promise<string[]> {
    const answer = (await this.#call("GET", "/vhosts?columns=name")) as { name: string }[];
    return answer.map(({ name }) => name);
  }

  async #call(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${this.#base}${path}`, {
      method,
      headers: { authorization: this.#authorization, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(answerLimitMs),
    });
    const text = await answer.text();
    if (!answer.ok && answer.status !== 404)
      throw new Error(`${method} ${path} of the broker: ${answer.status} ${text.slice(0, 200)}`);
    return text === "" ? undefined : JSON.parse(text);
  }
}
