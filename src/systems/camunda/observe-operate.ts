import { z } from "zod";
import { observation, reference } from "../../core/seen.ts";
import type { Seen } from "../../core/system.ts";
import { sha256Of } from "../../stores/digest.ts";
import type { ElasticsearchStore } from "../../stores/elasticsearch.ts";
import { parseExactJson } from "../../stores/exact-json.ts";
import { keyText } from "./http.ts";
import { instanceSeen, refOf, variablesSeen, type RootVariables } from "./observe-records.ts";
import { canaryPrefix, incidentDigest, startsByItself } from "./records.ts";

/** Operate's own indices. Names carry the version in which each was last changed, so they are found by pattern (8.6.0). */

const instanceSchema = z.object({
  processInstanceKey: z.unknown().transform(keyText),
  parentProcessInstanceKey: z.unknown().transform(keyText),
  bpmnProcessId: z.string(),
  state: z.enum(["ACTIVE", "COMPLETED", "CANCELED"]),
});
const variableSchema = z.object({
  scopeKey: z.unknown().transform(keyText),
  processInstanceKey: z.unknown().transform(keyText),
  name: z.string(),
  value: z.string(),
  fullValue: z.string().nullish(),
});
const incidentSchema = z.object({
  processInstanceKey: z.unknown().transform(keyText),
  flowNodeId: z.string(),
  state: z.string(),
});
const closedIncident = "RESOLVED";

export async function* observeOperate(store: ElasticsearchStore): AsyncIterable<Seen> {
  await store.refresh("operate-*");
  const variables = await operateVariables(store);
  const roots: string[] = [];
  const instances = store.documents("operate-list-view-*_", { joinRelation: "processInstance" });
  for await (const { source } of instances) {
    const instance = instanceSchema.parse(source);
    if (startsByItself(instance.bpmnProcessId) || instance.parentProcessInstanceKey !== "") continue;
    roots.push(instance.processInstanceKey);
    yield* instanceSeen(instance.processInstanceKey, instance.bpmnProcessId, instance.state, variables);
  }
  yield* variablesSeen(roots, variables);
  for await (const { source } of store.documents("operate-incident-*_")) {
    const incident = incidentSchema.parse(source);
    const ref = refOf(incident.processInstanceKey, variables);
    const digest = incidentDigest({
      element: incident.flowNodeId,
      isOpen: incident.state !== closedIncident,
    });
    if (ref.startsWith(canaryPrefix)) continue;
    yield observation("incident", ref, { digest });
    const owner = { component: "records", kind: "process-instance", id: ref };
    yield reference({ kind: "incident", id: ref }, owner, "instance");
  }
  yield* definitions(store);
}

async function operateVariables(store: ElasticsearchStore): Promise<RootVariables> {
  const found = new Map<string, Map<string, unknown>>();
  for await (const { source } of store.documents("operate-variable-*_")) {
    const { scopeKey, processInstanceKey, name, value, fullValue } = variableSchema.parse(source);
    if (scopeKey !== processInstanceKey) continue;
    const ofInstance = found.get(scopeKey) ?? new Map<string, unknown>();
    found.set(scopeKey, ofInstance.set(name, parseExactJson(fullValue ?? value)));
  }
  return found;
}

async function* definitions(store: ElasticsearchStore): AsyncIterable<Seen> {
  for await (const { source } of store.documents("operate-process-*_")) {
    const { bpmnProcessId, version, bpmnXml } = source;
    const digest = sha256Of(String(bpmnXml));
    yield observation("definition", `${String(bpmnProcessId)}:${keyText(version)}`, { digest });
  }
  for await (const { source } of store.documents("operate-decision-requirements-*_")) {
    const { decisionRequirementsId, version, xml } = source;
    const digest = sha256Of(String(xml));
    yield observation("decision", `${String(decisionRequirementsId)}:${keyText(version)}`, { digest });
  }
}
