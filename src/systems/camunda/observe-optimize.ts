import { z } from "zod";
import { observation } from "../../core/seen.ts";
import type { Seen } from "../../core/system.ts";
import { sha256Of } from "../../stores/digest.ts";
import type { ElasticsearchStore } from "../../stores/elasticsearch.ts";
import { keyText } from "./http.ts";
import { instanceSeen, type RootVariables } from "./observe-records.ts";
import { referenceVariable, startsByItself } from "./records.ts";

/** The indices of Optimize, here of its stand-in, which imports from the exported records as Optimize does. */

const instanceSchema = z.object({
  processInstanceKey: z.string(),
  parentProcessInstanceKey: z.string().nullish(),
  bpmnProcessId: z.string().nullish(),
  state: z.enum(["ACTIVE", "COMPLETED", "CANCELED"]).nullish(),
  variables: z.record(z.string(), z.object({ value: z.unknown() })),
});

export async function* observeOptimize(store: ElasticsearchStore): AsyncIterable<Seen> {
  await store.refresh("optimize-*");
  for await (const { source } of store.documents("optimize-process-instance*")) {
    const { variables, ...instance } = instanceSchema.parse(source);
    const { processInstanceKey: key, bpmnProcessId: processId, state } = instance;
    // Of parts alone, without the instance itself, nothing can be said under its reference.
    if (processId == null || state == null) continue;
    if (startsByItself(processId) || (instance.parentProcessInstanceKey ?? "") !== "") continue;
    const ref = variables[referenceVariable]?.value;
    const known: RootVariables = new Map([[key, new Map([[referenceVariable, ref]])]]);
    yield* instanceSeen(key, processId, state, known);
  }
  for await (const { source } of store.documents("optimize-process-definition*")) {
    const { bpmnProcessId, version, bpmn20Xml } = source;
    yield observation("definition", `${keyText(bpmnProcessId)}:${keyText(version)}`, {
      digest: sha256Of(String(bpmn20Xml)),
    });
  }
}
