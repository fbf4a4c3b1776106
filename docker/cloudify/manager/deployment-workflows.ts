import { mkdir } from "node:fs/promises";
import { z } from "zod";
import type { Context } from "./context.ts";
import type { Run } from "./workflows.ts";

const createSchema = z.looseObject({ deployment_id: z.string() });
const deleteSchema = z.looseObject({ deployment_id: z.string(), storage_id: z.number() });

/** The system workflow `create_deployment_environment`: the deployment's folder on the file server. */
export async function createDeploymentEnvironment({ files }: Context, run: Run): Promise<void> {
  const { deployment_id: id } = createSchema.parse(run.parameters);
  await mkdir(files.deployment(run.row.tenant_name, id), { recursive: true });
}

/** The system workflow `delete_deployment_environment`: rows and folder. */
export async function deleteDeploymentEnvironment({ database, files }: Context, run: Run): Promise<void> {
  const { deployment_id: id, storage_id: storageId } = deleteSchema.parse(run.parameters);
  await database.rows("DELETE FROM deployments WHERE _storage_id = $1", [storageId]);
  await files.remove(files.deployment(run.row.tenant_name, id));
}
