import { GenericContainer, Wait, type StartedTestContainer } from "testcontainers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CassandraStore } from "./cassandra.ts";
import { engineImage } from "./engine-image.ts";

const image = { variable: "CASSANDRA_IMAGE", folder: "cassandra", official: "cassandra:4.1" };
const startLimitMs = 180_000;
const firstSuperuser = { username: "cassandra", password: "cassandra" };

let container: StartedTestContainer | undefined;
beforeAll(async () => {
  container = await new GenericContainer(await engineImage(image))
    .withEnvironment({
      MAX_HEAP_SIZE: "512M",
      HEAP_NEWSIZE: "128M",
      CASSANDRA_AUTHENTICATOR: "PasswordAuthenticator",
      CASSANDRA_AUTHORIZER: "CassandraAuthorizer",
    })
    .withExposedPorts(9042)
    .withWaitStrategy(
      Wait.forAll([Wait.forLogMessage(/Created default superuser/), Wait.forListeningPorts()]),
    )
    .withStartupTimeout(startLimitMs)
    .start();
}, startLimitMs);
afterAll(async () => {
  await container?.stop();
});

test("a role is let in with its password and with no other, and a port where nobody listens is neither", async () => {
  const address = { host: container?.getHost() ?? "", port: container?.getMappedPort(9042) ?? 0 };
  expect(await CassandraStore.letsIn({ ...address, credentials: firstSuperuser })).toBe(true);
  const wrong = { ...firstSuperuser, password: "another" };
  expect(await CassandraStore.letsIn({ ...address, credentials: wrong })).toBe(false);
  await expect(
    CassandraStore.letsIn({ host: "127.0.0.1", port: 1, credentials: firstSuperuser }),
  ).rejects.toMatchObject({ code: "STACK_FAILED" });
  await expect(CassandraStore.open(address)).rejects.toMatchObject({ code: "STACK_FAILED" });
}, 60_000);
