import { appendFile, cp, mkdir, mkdtemp, rename, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { packZip } from "./archive.ts";
import type { Context } from "./context.ts";
import { messageOf } from "./errors.ts";
import { snapshotTrees } from "./file-server.ts";
import { callPostgres } from "./postgres-tools.ts";
import { notDumped, revisions } from "./snapshot-tables.ts";
import { bootstrapAdminId } from "./identity.ts";
import type { Run } from "./workflows.ts";

const parametersSchema = z.looseObject({
  snapshot_id: z.string(),
  include_credentials: z.boolean(),
  include_logs: z.boolean(),
  include_events: z.boolean(),
});
type Parameters = z.infer<typeof parametersSchema>;

/**
 * The system workflow `create_snapshot`: files first, then the database, as the product does it; so what is uploaded between
 * the two is in the dump without its files.
 */
export async function createSnapshot(context: Context, run: Run): Promise<void> {
  const parameters = parametersSchema.parse(run.parameters);
  const { database, files, logs } = context;
  const folder = await mkdtemp(join(files.resource("snapshots"), ".create-"));
  const archive = files.snapshot(parameters.snapshot_id);
  try {
    await copyFiles(context, folder);
    await dumpDatabase(context, run.row.id, { folder, parameters });
    await writeDescriptions(context, folder, parameters);
    await mkdir(dirname(archive), { recursive: true });
    // Under its name only once it is whole.
    await packZip(folder, `${archive}.part`);
    await rename(`${archive}.part`, archive);
    await database.rows("UPDATE snapshots SET status = 'created' WHERE id = $1", [parameters.snapshot_id]);
    await logs.log({ executionId: run.row.id }, "INFO", `Snapshot ${parameters.snapshot_id} created`);
  } catch (thrown) {
    await files.remove(`${archive}.part`);
    await database.rows("UPDATE snapshots SET status = 'failed', error = $2 WHERE id = $1", [
      parameters.snapshot_id,
      messageOf(thrown),
    ]);
    throw thrown;
  } finally {
    await files.remove(folder);
  }
}

async function copyFiles({ files, security }: Context, folder: string): Promise<void> {
  for (const tree of snapshotTrees) {
    const source = files.resource(tree);
    if (existsSync(source)) await cp(source, join(folder, tree), { recursive: true });
  }
  await writeJson(folder, "rest-security.conf", security.config);
}

async function dumpDatabase(
  { config }: Context,
  executionId: string,
  { folder, parameters }: { readonly folder: string; readonly parameters: Parameters },
): Promise<void> {
  const excluded = [
    ...notDumped,
    ...(parameters.include_logs ? [] : ["logs"]),
    ...(parameters.include_events ? [] : ["events"]),
  ];
  const into = join(folder, "pg_data");
  await callPostgres(config, {
    command: "pg_dump",
    words: ["--data-only", "--no-owner", ...excluded.map((table) => `--exclude-table=${table}`)],
    into,
  });
  // Of the execution that makes this snapshot nothing must be restored: it would stand there unfinished for good.
  await appendFile(into, `\nDELETE FROM public.executions WHERE id = '${executionId}';\n`);
}

async function writeDescriptions(
  { config, database }: Context,
  folder: string,
  parameters: Parameters,
): Promise<void> {
  const admin = await database.row("SELECT * FROM users WHERE id = $1", [bootstrapAdminId]);
  await writeJson(folder, "admin_account.json", admin);
  await writeJson(folder, "networks.json", { active_networks: ["default"] });
  await writeJson(folder, "metadata.json", { snapshot_version: config.version, ...revisions });
  await writeJson(folder, "agents.json", await agentTree(database));
  if (parameters.include_credentials) await writeCredentials(database, folder);
}

interface AgentRow {
  readonly tenant: string;
  readonly deployment: string;
  readonly node: string;
  readonly instance: string;
  readonly version: string;
  readonly key: string | null;
}

async function agentRows(database: Context["database"]): Promise<AgentRow[]> {
  return await database.rows<AgentRow>(
    `SELECT t.name AS tenant, d.id AS deployment, n.id AS node, i.id AS instance, a.version, n.properties -> 'agent_config' ->> 'key' AS key
     FROM agents a JOIN node_instances i ON i._storage_id = a._node_instance_fk JOIN nodes n ON n._storage_id = i._node_fk
     JOIN deployments d ON d._storage_id = n._deployment_fk JOIN tenants t ON t.id = a._tenant_id ORDER BY a._storage_id`,
  );
}

/** tenant → deployment → node → instance → version and broker, for the agents to be told of a new broker. */
async function agentTree(database: Context["database"]): Promise<object> {
  const tree: Record<string, Record<string, Record<string, Record<string, object>>>> = {};
  for (const { tenant, deployment, node, instance, version } of await agentRows(database)) {
    const nodes = ((tree[tenant] ??= {})[deployment] ??= {});
    (nodes[node] ??= {})[instance] = {
      version,
      broker_config: { broker_ip: "rabbitmq", broker_ssl_cert: "", broker_ssl_enabled: false },
    };
  }
  return tree;
}

async function writeCredentials(database: Context["database"], folder: string): Promise<void> {
  for (const { tenant, deployment, node, key } of await agentRows(database)) {
    if (key === null) continue;
    const target = join(folder, "snapshot-credentials", `${tenant}_${deployment}_${node}`);
    await mkdir(target, { recursive: true });
    await writeFile(join(target, "agent_key"), key);
  }
}

async function writeJson(folder: string, name: string, value: unknown): Promise<void> {
  await writeFile(join(folder, name), JSON.stringify(value, null, 2));
}
