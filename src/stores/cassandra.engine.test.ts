import { GenericContainer, Wait } from "testcontainers";
import { afterAll, beforeAll } from "vitest";
import { CassandraStore } from "./cassandra.ts";
import { describeStoreContract, type StoreUnderContract } from "./contract.ts";
import { sha256Of } from "./digest.ts";
import { engineImage } from "./engine-image.ts";

const image = { variable: "CASSANDRA_IMAGE", folder: "cassandra", official: "cassandra:4.1" };
const startLimitMs = 180_000;
const pageRows = 50;

let address = { host: "", port: 0 };
let stop = () => Promise.resolve();
let keyspaces = 0;

beforeAll(async () => {
  const container = await new GenericContainer(await engineImage(image))
    .withEnvironment({ MAX_HEAP_SIZE: "512M", HEAP_NEWSIZE: "128M" })
    .withExposedPorts(9042)
    .withWaitStrategy(Wait.forAll([Wait.forLogMessage(/Startup complete/), Wait.forListeningPorts()]))
    .withStartupTimeout(startLimitMs)
    .start();
  address = { host: container.getHost(), port: container.getMappedPort(9042) };
  stop = async () => {
    await container.stop();
  };
}, startLimitMs);
afterAll(() => stop());

async function openStore(): Promise<StoreUnderContract> {
  const store = await CassandraStore.open({ ...address, pageRows });
  keyspaces += 1;
  const keyspace = `contract_${keyspaces}`;
  await store.execute(
    `CREATE KEYSPACE ${keyspace} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
  );
  await store.execute(
    `CREATE TABLE ${keyspace}.cells (key blob, column1 blob, value blob, PRIMARY KEY (key, column1))`,
  );
  return {
    pageRecords: pageRows,
    unreachableLimitMs: 15_000,
    async put(records) {
      for (const { id, content } of records) {
        await store.execute(`INSERT INTO ${keyspace}.cells (key, column1, value) VALUES (?, ?, ?)`, [
          Buffer.from(id),
          Buffer.from([0]),
          Buffer.from(content),
        ]);
      }
    },
    digestOf: sha256Of,
    async *observe() {
      for await (const { key, value } of store.cells(keyspace, "cells"))
        yield { id: key.toString(), digest: sha256Of(value) };
    },
    async *observeUnreachable() {
      // Port 1 refuses at once; the limit is for networks that swallow.
      await using nobody = await CassandraStore.open({ host: "127.0.0.1", port: 1, connectLimitMs: 2000 });
      for await (const { key, value } of nobody.cells(keyspace, "cells"))
        yield { id: key.toString(), digest: sha256Of(value) };
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

describeStoreContract("Cassandra", openStore);
