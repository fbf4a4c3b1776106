import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { $ } from "zx";
import { ComposeStack } from "./src/stack/compose-stack.ts";
import { resolveImages } from "./src/stack/images.ts";
import { labelsOf } from "./src/stack/labels.ts";

/**
 * The vendor's own client against the stand-in of its manager. The table of commands in docs/ is what this run saw:
 * `npx vitest run --project drills cloudify-client.test.ts -u` writes it anew.
 */

const projectFolder = import.meta.dirname;
const imageFolders = {
  POSTGRES_IMAGE: "postgres",
  RABBITMQ_IMAGE: "rabbitmq",
  CLOUDIFY_MANAGER_IMAGE: "cloudify-manager",
  CLOUDIFY_CFY_IMAGE: "cloudify-cfy",
};
const adminPassword = "admin-secret";
const blueprint = `tosca_definitions_version: cloudify_dsl_1_3
description: what the client is tried with
inputs: { greeting: { default: hello } }
node_templates: { one: { type: cloudify.nodes.Root } }
workflows:
  note: { mapping: effects.record, parameters: { text: { default: nothing } } }
  slow: { mapping: effects.wait, parameters: { seconds: { default: 20 } } }
  broken: { mapping: effects.fail }
outputs: { said: { value: { get_input: greeting } } }
`;

let workFolder: string;
let stack: ComposeStack;

beforeAll(async () => {
  workFolder = await mkdtemp(join(tmpdir(), "muster-client-"));
  const images = await resolveImages(imageFolders, { projectFolder, log: (line) => console.error(line) });
  const variables = [
    ...[...images.values()].map(({ variable, image }) => `${variable}=${image}`),
    "POSTGRES_PASSWORD=postgres-secret",
    "RABBITMQ_PASSWORD=rabbitmq-secret",
    `ADMIN_PASSWORD=${adminPassword}`,
  ];
  const projectName = `muster-client-${process.pid}`;
  stack = await ComposeStack.create({
    spec: {
      kind: "compose",
      composeFile: "docker/cloudify/compose.yaml",
      images: imageFolders,
      storeServices: [],
    },
    projectFolder,
    projectName,
    workFolder,
    deployment: [{ path: ".env", mode: 0o600, text: variables.join("\n") }],
    labels: labelsOf(projectName, workFolder),
    startLimitMs: 180_000,
  });
  await stack.up();
});

afterAll(async () => {
  await stack.down();
  await rm(workFolder, { recursive: true });
});

async function compose(
  words: readonly string[],
  input = "",
): Promise<{ exitCode: number | null; text: string }> {
  const env = { ...process.env, ...(await stack.environment()) };
  const shell = $({ env, cwd: stack.deploymentFolder, nothrow: true, quiet: true, input, timeout: "120s" });
  const { exitCode, stdall } = await shell`docker compose ${words}`;
  return { exitCode, text: stdall };
}

/** Calls that the manager answered so far, but for probes of its health. */
async function callsSoFar(): Promise<string[]> {
  const { text } = await compose(["logs", "--no-log-prefix", "manager"]);
  return [...text.matchAll(/ REST (\S+) (\S+) (\d+) /g)].map(
    ([, method, path, status]) => `${method} ${normalised(path ?? "")} → ${status}`,
  );
}

/** Without what differs from run to run. */
function normalised(path: string): string {
  return decodeURIComponent(path)
    .replace("/api/v3.1/", "/")
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>")
    .replace(/_include=[^&]*,[^&]*/, "_include=…")
    .replace(/_offset=\d+&_size=100&/, "_offset=<n>&_size=100&");
}

async function request(method: string, path: string, body?: object): Promise<unknown> {
  const { host, port } = await stack.endpoint("manager", 80);
  const answer = await fetch(`http://${host}:${port}/api/v3.1/${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`admin:${adminPassword}`).toString("base64")}`,
      tenant: "default_tenant",
      "content-type": "application/json",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return await answer.json();
}

async function waitFor(what: string, isThere: () => Promise<boolean>): Promise<void> {
  const limitMs = 30_000;
  for (const beganAt = Date.now(); !(await isThere());) {
    if (Date.now() - beganAt > limitMs) throw new Error(`${what}: not within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

interface Execution {
  readonly id: string;
  readonly workflow_id: string;
  readonly status: string;
}

async function executions(): Promise<Execution[]> {
  const page = (await request("GET", "executions?_include_system_workflows=true")) as { items?: Execution[] };
  return page.items ?? [];
}

async function idOf(workflow: string, status: string): Promise<string> {
  const found = (await executions()).find((one) => one.workflow_id === workflow && one.status === status);
  if (found === undefined) throw new Error(`no execution of ${workflow} is ${status}`);
  return found.id;
}

async function quiet(): Promise<void> {
  await waitFor("no execution under way", async () =>
    (await executions()).every(({ status }) =>
      ["terminated", "failed", "cancelled", "scheduled"].includes(status),
    ),
  );
}

async function restored(): Promise<void> {
  await waitFor("the restore's end", async () => {
    const { status } = (await request("GET", "snapshot-status")) as { status: string };
    return status === "not-running";
  });
  await quiet();
}

const commandsSchema = z.array(
  z.strictObject({
    words: z.string(),
    exit: z.number().default(0),
    says: z.string(),
    wait: z.enum(["quiet", "restored"]).optional(),
  }),
);
const commands = commandsSchema.parse(
  parse(await readFile(join(projectFolder, "docker/cloudify/client-commands.yaml"), "utf8")),
);

const standFor = {
  "<scheduled>": ["note", "scheduled"],
  "<terminated>": ["note", "terminated"],
  "<refused>": ["restore_snapshot", "failed"],
  "<restored>": ["restore_snapshot", "terminated"],
} as const;

async function resolved(words: string): Promise<string> {
  let text = words.replace("<password>", adminPassword);
  for (const [name, [workflow, status]] of Object.entries(standFor))
    if (text.includes(name)) text = text.replace(name, await idOf(workflow, status));
  return text;
}

const heading = `# The vendor's client against the reference manager

What \`cfy\` 7.0.5 (PyPI packages \`cloudify\` and \`cloudify-common\`, Python 3.11) does with the stand-in of Cloudify Manager in
docker/cloudify, profile \`cfy5\`, conformance \`seed\`. Written by \`cloudify-client.test.ts\` from what it saw, and compared with
each run: a command that ends otherwise, or makes other calls, fails that test. Calls are below \`/api/v3.1\`; of a call that is
repeated while the client waits one is shown. "refused" is the answer that is wanted there.

| \`cfy\` … | calls | ends |
| --- | --- | --- |
`;

test("the vendor's client drives the reference manager, by the calls that are written down", async () => {
  await compose(["exec", "-T", "cfy", "tee", "/var/lib/cfy/blueprint.yaml"], blueprint);
  let rows = "";
  for (const { words, exit, says, wait } of commands) {
    const before = (await callsSoFar()).length;
    const { exitCode, text } = await compose([
      "exec",
      "-T",
      "cfy",
      "cfy",
      ...(await resolved(words)).split(" "),
    ]);
    expect
      .soft({ words, exitCode, text })
      .toEqual({ words, exitCode: exit, text: expect.stringContaining(says) });
    const calls = [...new Set((await callsSoFar()).slice(before))];
    rows += `| \`${words}\` | ${calls.map((call) => `\`${call}\``).join("<br>")} | ${exit === 0 ? "works" : `refused, exit ${exit}`} |\n`;
    if (wait === "quiet") await quiet();
    if (wait === "restored") await restored();
  }
  await expect(heading + rows).toMatchFileSnapshot("docs/cloudify-client.md");
}, 600_000);

test("the vendor's library reads a secret that the reference manager encrypted, and no other key does", async () => {
  await request("PUT", "secrets/oracle", { value: "päss wörd" });
  const query = "SELECT value FROM secrets WHERE id = 'oracle'";
  const stored = await compose([
    "exec",
    "-T",
    "postgres",
    "psql",
    "-U",
    "cloudify",
    "-d",
    "cloudify_db",
    "-Atc",
    query,
  ]);
  const keys = await compose(["exec", "-T", "manager", "cat", "/opt/manager/rest-security.conf"]);
  const { encryption_key: key } = JSON.parse(keys.text) as { encryption_key: string };
  const script =
    "import sys; from cloudify.cryptography_utils import decrypt; print(decrypt(sys.argv[1], sys.argv[2]))";
  const python = ["exec", "-T", "cfy", "/opt/cfy/bin/python", "-c", script, stored.text.trim()];
  expect(await compose([...python, key])).toEqual({ exitCode: 0, text: "päss wörd\n" });
  const other = `${key.startsWith("A") ? "B" : "A"}${key.slice(1)}`;
  expect((await compose([...python, other])).exitCode).toBe(1);
});
