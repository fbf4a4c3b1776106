import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import { Client as ElasticsearchClient } from "@elastic/elasticsearch";
import { Client as CassandraClient } from "cassandra-driver";
import { extract } from "tar-stream";
import type { StackHandle } from "../src/core/stack.ts";
import type { Seen } from "../src/core/system.ts";
import { containersOf, docker, serviceLabel } from "../src/stack/docker-client.ts";
import { labelsOf } from "../src/stack/labels.ts";
import { readVolume } from "../src/stack/tree.ts";
import { filesFolder } from "../src/systems/thehive/deployment.ts";
import { observeCassandra } from "../src/systems/thehive/observe-cassandra.ts";
import { graphIndex, observeElasticsearch } from "../src/systems/thehive/observe-elasticsearch.ts";
import { observeFiles } from "../src/systems/thehive/observe-files.ts";
import { machine, median } from "./measure.ts";

/**
 * The observers of TheHive's stores against raw scans by the same drivers, on a stack that was kept, in alternating passes.
 * Usage: ./muster run thehive/cold --scale medium --controls none --keep, then node bench/observers.ts <compose project> [passes]
 */
const [project = "", passesText = "5"] = process.argv.slice(2);

async function containerOf(service: string) {
  const found = (await containersOf(project)).find(({ Labels }) => Labels[serviceLabel] === service);
  if (found === undefined) throw new Error(`project ${project} has no container of service ${service}`);
  return found;
}

async function endpoint(service: string, port: number) {
  const { Ports } = await containerOf(service);
  const published = Ports.find(
    ({ PrivatePort, PublicPort }) => PrivatePort === port && PublicPort !== undefined,
  );
  return { host: "127.0.0.1", port: published?.PublicPort ?? 0 };
}

async function volumeAt(service: string, folder: string) {
  const { Mounts, Image } = await containerOf(service);
  const mount = Mounts.find(({ Destination }) => `${folder}/`.startsWith(`${Destination}/`));
  if (mount?.Name === undefined) throw new Error(`service ${service} has no volume at ${folder}`);
  const inner = folder.slice(mount.Destination.length).replace(/^\//, "");
  return { access: { image: Image, volume: mount.Name, labels: labelsOf("bench", "") }, inner };
}

const stack: StackHandle = {
  projectName: project,
  endpoint,
  isRunning: () => Promise.resolve(true),
  async *readTree(service, folder) {
    const { access, inner } = await volumeAt(service, folder);
    yield* readVolume(access, inner);
  },
};

const environment = (await docker.getContainer((await containerOf("elasticsearch")).Id).inspect()).Config.Env;
const password = environment.find((line) => line.startsWith("ELASTIC_PASSWORD="))?.slice(17) ?? "";

/** A scan reads everything once and says how much that was, in rows, documents or bytes. */
type Scan = () => Promise<number>;

const rawCassandra: Scan = async () => {
  const { host, port } = await endpoint("cassandra", 9042);
  const client = new CassandraClient({ contactPoints: [`${host}:${port}`], localDataCenter: "datacenter1" });
  await client.connect();
  let cells = 0;
  for (const table of ["edgestore", "edgestore", "graphindex"]) {
    const statement = `SELECT key, column1, value FROM thehive.${table}`;
    let pageState: string | undefined;
    do {
      const page = await client.execute(statement, [], {
        prepare: true,
        fetchSize: 2000,
        ...(pageState === undefined ? {} : { pageState }),
      });
      cells += page.rows.length;
      pageState = page.pageState ?? undefined;
    } while (pageState !== undefined);
  }
  await client.shutdown();
  return cells;
};

const rawElasticsearch: Scan = async () => {
  const { host, port } = await endpoint("elasticsearch", 9200);
  const client = new ElasticsearchClient({
    node: `http://${host}:${port}`,
    auth: { username: "elastic", password },
  });
  let documents = 0;
  for await (const page of client.helpers.scrollSearch({ index: graphIndex, size: 1000 }))
    documents += page.documents.length;
  await client.close();
  return documents;
};

/** The archive of the same folder, every byte hashed, and nothing else. */
const rawFiles: Scan = async () => {
  const { Id } = await containerOf("thehive");
  const archive = await docker.getContainer(Id).getArchive({ path: filesFolder.local });
  let bytes = 0;
  for await (const entry of archive.pipe(extract())) {
    const hash = createHash("sha256");
    for await (const chunk of entry as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    hash.digest();
  }
  return bytes;
};

async function countSeen(seen: AsyncIterable<Seen>): Promise<void> {
  for await (const _ of seen);
}

const stores: readonly {
  readonly name: string;
  readonly unit: string;
  readonly raw: Scan;
  readonly observe: () => AsyncIterable<Seen>;
}[] = [
  { name: "cassandra", unit: "cells", raw: rawCassandra, observe: () => observeCassandra(stack) },
  {
    name: "elasticsearch",
    unit: "documents",
    raw: rawElasticsearch,
    observe: () => observeElasticsearch(stack, password),
  },
  { name: "files", unit: "bytes", raw: rawFiles, observe: () => observeFiles(stack, "local") },
];

const results = [];
for (const { name, unit, raw, observe } of stores) {
  const passes: { rawSeconds: number; observedSeconds: number; amount: number; load: number }[] = [];
  for (let pass = 0; pass <= Number(passesText); pass += 1) {
    const load = loadavg()[0] ?? 0;
    const beganAt = performance.now();
    const amount = await raw();
    const betweenAt = performance.now();
    await countSeen(observe());
    const one = {
      rawSeconds: (betweenAt - beganAt) / 1000,
      observedSeconds: (performance.now() - betweenAt) / 1000,
      amount,
      load,
    };
    if (pass > 0) passes.push(one); // The first pass warms the caches of the servers and of Node.
  }
  const amount = passes[0]?.amount ?? 0;
  const rawRate = amount / median(passes.map(({ rawSeconds }) => rawSeconds));
  const observedRate = amount / median(passes.map(({ observedSeconds }) => observedSeconds));
  results.push({ name, unit, amount, rawRate, observedRate, passes });
  console.log(
    `| ${name} | ${amount} ${unit} | ${Math.round(rawRate)} | ${Math.round(observedRate)} | ${(observedRate / rawRate).toFixed(2)} |`,
  );
}
await mkdir(join(import.meta.dirname, "results"), { recursive: true });
await writeFile(
  join(import.meta.dirname, "results/observers.json"),
  `${JSON.stringify({ at: new Date().toISOString(), machine, results }, null, 1)}\n`,
);
