import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { chooseSettings } from "../../core/system.ts";
import { filesFolder } from "./deployment.ts";
import variants from "./system.ts";

const root = new URL("../../../", import.meta.url);
const context = {
  secret: (name: string) => `secret-${name}`,
  image: (name: string) => name,
  projectFolder: ".",
};

function systemWith(chosen: Readonly<Record<string, string>>) {
  const settings = chooseSettings("thehive", variants.settings, chosen);
  return variants.system({
    accounts: "",
    audits: "",
    database: "",
    index: "",
    storage: "",
    snapshots: "",
    ...settings,
  });
}

async function servicesOf(chosen: Readonly<Record<string, string>>): Promise<string[]> {
  const { stack } = systemWith(chosen);
  if (stack.kind !== "compose") throw new Error("TheHive is a compose stack");
  const file: unknown = parse(await readFile(new URL(stack.composeFile, root), "utf8"), { merge: true });
  const services = Object.keys((file as { services: object }).services);
  expect(services).toEqual(expect.arrayContaining([...stack.storeServices]));
  return services;
}

test("three nodes are a cluster, which no cold procedure may back up, and one is none", async () => {
  expect(systemWith({}).clustered).toBe(false);
  expect(await servicesOf({})).not.toContain("cassandra-2");

  for (const database of ["three-nodes", "three-nodes-one-copy"]) {
    expect(systemWith({ database }).clustered, database).toBe(true);
    expect(await servicesOf({ database })).toEqual(
      expect.arrayContaining(["cassandra", "cassandra-2", "cassandra-3"]),
    );
  }
});

test("the SSTables of every node are looked at, each in its own volume", async () => {
  for (const database of ["one-node", "three-nodes"]) {
    const { components } = systemWith({ database });
    const read = components.filter(({ store }) => store === "sstables");
    expect(read.map(({ service }) => service)).toEqual(
      (await servicesOf({ database })).filter((service) => service.startsWith("cassandra")),
    );
    expect(new Set(read.map(({ id }) => id)).size).toBe(read.length);
  }
});

test("the number of copies is the operator's, and a cluster's application knows every node", async () => {
  const textOf = async (database: string, path: string) =>
    (await systemWith({ database }).deployment(context)).find((file) => file.path === path)?.text;

  expect(await textOf("one-node", ".env")).not.toContain("CASSANDRA_COPIES");
  expect(await textOf("three-nodes", ".env")).toContain("CASSANDRA_COPIES=3\n");
  expect(await textOf("three-nodes-one-copy", ".env")).toContain("CASSANDRA_COPIES=1\n");
  expect(await textOf("three-nodes", "application.conf")).toContain(
    'storage.hostname = ["cassandra","cassandra-2","cassandra-3"]',
  );
});

test("attachments are looked for where the application is told to keep them, and that place is a volume", async () => {
  const compose = await readFile(new URL("docker/thehive/compose.yaml", root), "utf8");
  for (const [storage, folder] of Object.entries(filesFolder)) {
    const files = await systemWith({ storage }).deployment(context);
    expect(files.find(({ path }) => path === "application.conf")?.text).toContain(
      `storage.localfs.location = "${folder}"\n`,
    );
    expect(compose).toMatch(new RegExp(`-data:${folder}$`, "m"));
  }
});
