import { GenericContainer, Wait } from "testcontainers";
import { afterAll, beforeAll } from "vitest";
import { engineImage } from "./engine-image.ts";
import { describeStoreContract, type StoreUnderContract } from "./contract.ts";
import { digestOf } from "./digest.ts";
import { ElasticsearchStore } from "./elasticsearch.ts";

const image = { variable: "ELASTICSEARCH_IMAGE", folder: "elasticsearch", official: "elasticsearch:8.19.8" };
const startLimitMs = 180_000;
const pageDocuments = 50;
const password = "contract-of-a-store";

let address = { host: "", port: 0 };
let stop = () => Promise.resolve();
let indices = 0;

beforeAll(async () => {
  const container = await new GenericContainer(await engineImage(image))
    .withEnvironment({
      "discovery.type": "single-node",
      "xpack.security.enabled": "true",
      "node.store.allow_mmap": "false",
      ELASTIC_PASSWORD: password,
      ES_JAVA_OPTS: "-Xms512m -Xmx512m",
    })
    .withExposedPorts(9200)
    .withWaitStrategy(Wait.forHttp("/", 9200).withBasicCredentials("elastic", password))
    .withStartupTimeout(startLimitMs)
    .start();
  address = { host: container.getHost(), port: container.getMappedPort(9200) };
  stop = async () => {
    await container.stop();
  };
}, startLimitMs);
afterAll(() => stop());

async function openStore(): Promise<StoreUnderContract> {
  const store = new ElasticsearchStore({ ...address, password, pageDocuments });
  indices += 1;
  const index = `contract-${indices}`;
  await store.createIndex(index);
  return {
    pageRecords: pageDocuments,
    unreachableLimitMs: 15_000,
    put: (records) =>
      store.put(
        index,
        records.map(({ id, content }) => ({ id, source: { content } })),
      ),
    digestOf: (content) => digestOf({ content }),
    async *observe() {
      for await (const { id, source } of store.documents(index)) yield { id, digest: digestOf(source) };
    },
    async *observeUnreachable() {
      await using nobody = new ElasticsearchStore({
        host: "127.0.0.1",
        port: 1,
        password,
        requestLimitMs: 2000,
      });
      for await (const { id, source } of nobody.documents(index)) yield { id, digest: digestOf(source) };
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

describeStoreContract("Elasticsearch", openStore);
