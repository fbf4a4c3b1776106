import { connect } from "amqplib";
import { GenericContainer, Wait } from "testcontainers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { engineImage } from "./engine-image.ts";
import { RabbitmqStore } from "./rabbitmq.ts";

const image = { variable: "RABBITMQ_IMAGE", folder: "rabbitmq", official: "rabbitmq:4-management" };
const startLimitMs = 120_000;
const login = { user: "contract", password: "contract-of-a-store" };

let host = "";
let amqpPort = 0;
let managementPort = 0;
let stop = () => Promise.resolve();

beforeAll(async () => {
  const container = await new GenericContainer(await engineImage(image))
    .withEnvironment({ RABBITMQ_DEFAULT_USER: login.user, RABBITMQ_DEFAULT_PASS: login.password })
    .withExposedPorts(5672, 15672)
    .withWaitStrategy(
      Wait.forHttp("/api/health/checks/local-alarms", 15672).withBasicCredentials(login.user, login.password),
    )
    .withStartupTimeout(startLimitMs)
    .start();
  host = container.getHost();
  amqpPort = container.getMappedPort(5672);
  managementPort = container.getMappedPort(15672);
  stop = async () => {
    await container.stop();
  };
}, startLimitMs);
afterAll(() => stop());

const opened = () => new RabbitmqStore({ host, port: managementPort, ...login });

test("messages are looked at, stay where they are, and keep their time", async () => {
  const model = await connect(`amqp://${login.user}:${login.password}@${host}:${amqpPort}`);
  const channel = await model.createConfirmChannel();
  await channel.assertQueue("due", { durable: true });
  const delayed = { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "due", "x-message-ttl": 4000 };
  await channel.assertQueue("e1_queue", { durable: true, arguments: delayed });
  channel.sendToQueue("e1_queue", Buffer.from("später 砂時計"), { persistent: true });
  await channel.waitForConfirms();
  const sentAt = performance.now();
  for (let look = 0; look < 3; look += 1)
    expect(await opened().peek("/", "e1_queue", 5)).toEqual(["später 砂時計"]);
  const queue = (await opened().queues("/")).find(({ name }) => name === "e1_queue");
  expect(queue).toMatchObject({ durable: true, arguments: delayed });
  while ((await opened().peek("/", "due", 5))?.length === 0 && performance.now() - sentAt < 15_000);
  expect(performance.now() - sentAt).toBeGreaterThan(3_900);
  expect(performance.now() - sentAt).toBeLessThan(8_000);
  expect(await opened().peek("/", "e1_queue", 5)).toEqual([]);
  await model.close();
});

test("a queue that has gone is told from an empty one", async () => {
  expect(await opened().peek("/", "never-made", 5)).toBeUndefined();
});

test("the default virtual host is there", async () => {
  expect(await opened().vhosts()).toContain("/");
});

test("a broker that cannot be reached, or refuses the user, is an error and never an empty one", async () => {
  const nobody = new RabbitmqStore({ host: "127.0.0.1", port: 1, ...login });
  await expect(nobody.queues("/")).rejects.toThrow();
  const stranger = new RabbitmqStore({ host, port: managementPort, user: "contract", password: "wrong" });
  await expect(stranger.queues("/")).rejects.toThrow("401");
});
