import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { unpack } from "./archive.ts";
import type { Context } from "./context.ts";
import type { Executions } from "./executions.ts";
import {
  restoreAgents,
  restoreAmqp,
  restoreCredentials,
  restoreDeploymentFolders,
} from "./restore-connections.ts";
import { restoreAdmin, restoreDatabase } from "./restore-database.ts";
import { restoreFiles } from "./restore-files.ts";
import { restoreScheduled } from "./restore-scheduled.ts";
import { validateSnapshot } from "./restore-validation.ts";
import type { Run } from "./workflows.ts";

const parametersSchema = z.looseObject({
  snapshot_id: z.string(),
  force: z.boolean().default(false),
  timeout: z.number().default(300),
});

/** What the steps of one restore share. */
export interface Restore {
  readonly run: Run;
  readonly snapshotId: string;
  readonly force: boolean;
  /** Where the archive is unpacked. */
  readonly folder: string;
}

interface Step {
  readonly name: string;
  readonly action: (context: Context, restore: Restore) => Promise<void>;
}

/** In the product's order; a stop point lies before and after each. Source: CM@5.2.0, `snapshots/snapshot_restore.py`. */
function restoreSteps(executions: Executions): readonly Step[] {
  return [
    {
      name: "extract",
      action: async ({ files }, { snapshotId, folder }) => await unpack(files.snapshot(snapshotId), folder),
    },
    { name: "validate", action: validateSnapshot },
    { name: "files", action: restoreFiles },
    { name: "pause-services", action: async ({ logs }) => await Promise.resolve(logs.pause()) },
    { name: "database", action: restoreDatabase },
    { name: "resume-services", action: async ({ logs }) => await logs.resume() },
    { name: "security", action: restoreAdmin },
    { name: "credentials", action: restoreCredentials },
    { name: "amqp-metadata", action: restoreAmqp },
    { name: "agents", action: restoreAgents },
    { name: "deployment-directories", action: restoreDeploymentFolders },
    {
      name: "scheduled-executions",
      action: async (context, restore) => await restoreScheduled(context, restore, executions),
    },
  ];
}

/**
 * The system workflow `restore_snapshot`. Nothing is taken back where a step fails: what the steps before it did, stays.
 * The marker that `/snapshot-status` looks at goes in every case.
 */
export async function restoreSnapshot(context: Context, run: Run, executions: Executions): Promise<void> {
  const { config, files, logs, stops } = context;
  const parameters = parametersSchema.parse(run.parameters);
  await writeFile(files.restoreMarker, run.row.id);
  const folder = await mkdtemp(join(files.resource("snapshots"), ".restore-"));
  const restore = { run, snapshotId: parameters.snapshot_id, force: parameters.force, folder };
  try {
    for (const { name, action } of restoreSteps(executions)) {
      await stops.reach(`before:${name}`);
      if (name === config.omittedStep) continue;
      await logs.log({ executionId: run.row.id }, "DEBUG", `restore step ${name}`);
      await action(context, restore);
      await stops.reach(`after:${name}`);
    }
    await logs.log({ executionId: run.row.id }, "INFO", `Snapshot ${parameters.snapshot_id} restored`);
  } finally {
    await logs.resume();
    await files.remove(folder);
    await files.remove(files.restoreMarker);
  }
}
