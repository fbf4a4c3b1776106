import { createHash } from "node:crypto";
import { GenericContainer, Wait } from "testcontainers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { engineImage } from "./engine-image.ts";
import { describeStoreContract, type StoreUnderContract } from "./contract.ts";
import { PostgresStore } from "./postgres.ts";

const image = { variable: "POSTGRES_IMAGE", folder: "postgres", official: "postgres:17" };
const startLimitMs = 120_000;
const login = { user: "contract", password: "contract-of-a-store", database: "contract" };

let address = { host: "", port: 0 };
let stop = () => Promise.resolve();
let tables = 0;

beforeAll(async () => {
  const container = await new GenericContainer(await engineImage(image))
    .withEnvironment({
      POSTGRES_USER: login.user,
      POSTGRES_PASSWORD: login.password,
      POSTGRES_DB: login.database,
    })
    .withExposedPorts(5432)
    .withHealthCheck({
      // Over TCP: while the cluster is being made nothing listens there.
      test: ["CMD", "pg_isready", "-q", "-h", "127.0.0.1", "-U", login.user, "-d", login.database],
      interval: 500,
      timeout: 5000,
      retries: 120,
    })
    .withWaitStrategy(Wait.forHealthCheck())
    .withStartupTimeout(startLimitMs)
    .start();
  address = { host: container.getHost(), port: container.getMappedPort(5432) };
  stop = async () => {
    await container.stop();
  };
}, startLimitMs);
afterAll(() => stop());

const hexOf = (text: string) => Buffer.from(text).toString("hex");
const digestOf = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");

async function openStore(): Promise<StoreUnderContract> {
  const store = await PostgresStore.open({ ...address, ...login });
  tables += 1;
  const table = `contract_${tables}`;
  await store.rows(`CREATE TABLE ${table} (id text PRIMARY KEY, content bytea)`);
  return {
    // One statement reads everything; more records than one message of the protocol holds.
    pageRecords: 500,
    unreachableLimitMs: 15_000,
    put: async (records) => {
      for (const { id, content } of records)
        await store.rows(
          `INSERT INTO ${table} VALUES (convert_from(decode('${hexOf(id)}', 'hex'), 'UTF8'), decode('${hexOf(content)}', 'hex'))`,
        );
    },
    digestOf,
    async *observe() {
      for (const row of await store.rows(`SELECT id, content FROM ${table}`))
        yield { id: String(row["id"]), digest: digestOf(row["content"] as Buffer) };
    },
    async *observeUnreachable() {
      await using nobody = await PostgresStore.open({ host: "127.0.0.1", port: 1, ...login });
      for (const row of await nobody.rows("SELECT 1 AS id")) yield { id: String(row["id"]), digest: "" };
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

describeStoreContract("PostgreSQL", openStore);

test("a timestamp without zone stays the text that it is", async () => {
  await using store = await PostgresStore.open({ ...address, ...login });
  const rows = await store.rows("SELECT timestamp '2026-03-29 02:30:00.25' AS due");
  expect(rows).toEqual([{ due: "2026-03-29 02:30:00.25" }]);
});
