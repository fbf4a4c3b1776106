import { z } from "zod";
import { observation, reference } from "../../core/seen.ts";
import type { Seen } from "../../core/system.ts";
import { sha256Of } from "../../stores/digest.ts";
import type { ElasticsearchStore } from "../../stores/elasticsearch.ts";
import { parseExactJson } from "../../stores/exact-json.ts";
import { canaryPrefix, referenceVariable, taskDigest, timerProcesses } from "./records.ts";

/** Tasklist's own indices (8.6.0). */

const taskSchema = z.object({
  bpmnProcessId: z.string(),
  flowNodeBpmnId: z.string(),
  processInstanceId: z.string(),
  state: z.enum(["CREATED", "COMPLETED", "CANCELED"]),
  assignee: z.string().nullable(),
});

export async function* observeTasklist(store: ElasticsearchStore): AsyncIterable<Seen> {
  await store.refresh("tasklist-*");
  const references = new Map<string, string>();
  for await (const { source } of store.documents("tasklist-variable-*_", { name: referenceVariable })) {
    if (source["scopeFlowNodeId"] !== source["processInstanceId"]) continue;
    references.set(String(source["processInstanceId"]), String(parseExactJson(String(source["value"]))));
  }
  for await (const { source } of store.documents("tasklist-task-*_")) {
    const task = taskSchema.parse(source);
    yield* taskSeen(references.get(task.processInstanceId) ?? `key ${task.processInstanceId}`, {
      processId: task.bpmnProcessId,
      element: task.flowNodeBpmnId,
      assignee: task.assignee,
      state: task.state,
    });
  }
  for await (const { source } of store.documents("tasklist-form-*_")) {
    const { bpmnId, version, schema } = source;
    yield observation("form", `${String(bpmnId)}:${String(version)}`, { digest: sha256Of(String(schema)) });
  }
}

/** Tasks of timer processes come and go with their timers, which are judged as firings. */
export function* taskSeen(ref: string, task: Parameters<typeof taskDigest>[0]): Iterable<Seen> {
  if (timerProcesses.has(task.processId)) return;
  if (ref.startsWith(canaryPrefix)) {
    yield observation("canary", ref);
    return;
  }
  yield observation("user-task", ref, { digest: taskDigest(task) });
  const owner = { component: "operate", kind: "process-instance", id: ref };
  yield reference({ kind: "user-task", id: ref }, owner, "instance");
}
