import { z } from "zod";
import type { ExecutionRow } from "./execution-row.ts";

/** What travels through the broker for one execution. Source: CM@5.2.0, `workflow_executor.py`. */
const messageSchema = z.looseObject({
  cloudify_task: z.object({
    kwargs: z.looseObject({
      __cloudify_context: z.looseObject({
        dry_run: z.boolean(),
        execution_token: z.string(),
        bypass_maintenance: z.boolean(),
        wait_after_fail: z.number(),
        tenant: z.object({ name: z.string() }),
      }),
    }),
  }),
  id: z.string(),
  dlx_id: z.string().nullable(),
});
type WorkflowMessage = z.infer<typeof messageSchema>;

export function parseWorkflowMessage(body: unknown): WorkflowMessage {
  return messageSchema.parse(body);
}

interface Options {
  readonly token: string;
  readonly isDelayed: boolean;
  readonly dryRun: boolean;
  readonly waitAfterFail: number;
  readonly bypassMaintenance: boolean;
}

export function workflowMessage(row: ExecutionRow, options: Options): WorkflowMessage {
  return {
    cloudify_task: {
      kwargs: {
        ...row.parameters,
        __cloudify_context: {
          type: "workflow",
          task_id: row.id,
          task_name: row.workflow_id,
          task_target: "cloudify.management",
          workflow_id: row.workflow_id,
          execution_id: row.id,
          blueprint_id: row.blueprint_id,
          deployment_id: row.deployment_id,
          tenant: { name: row.tenant_name },
          dry_run: options.dryRun,
          wait_after_fail: options.waitAfterFail,
          is_system_workflow: row.is_system_workflow,
          execution_token: options.token,
          execution_creator_username: row.created_by,
          bypass_maintenance: options.bypassMaintenance,
        },
      },
    },
    id: row.id,
    dlx_id: options.isDelayed ? row.id : null,
    execution_creator: row._creator_id,
  };
}
