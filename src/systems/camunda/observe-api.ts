import { observation } from "../../core/seen.ts";
import type { Seen } from "../../core/system.ts";
import { parseExactJson } from "../../stores/exact-json.ts";

import { keyText } from "./http.ts";
import { instanceSeen, refOf, variablesSeen, type RootVariables } from "./observe-records.ts";
import { taskSeen } from "./observe-tasklist.ts";
import { canaryPrefix, incidentDigest, startsByItself, type InstanceState } from "./records.ts";
import { searchOperate, searchTasklist, type WebClient } from "./web-client.ts";

/** What the public REST APIs of Operate and Tasklist show. */

/** Without a state, a search leaves cancelled tasks out (observed on 8.6.0). */
const taskStates = ["CREATED", "COMPLETED", "CANCELED"] as const;
const elementOfIncident: Readonly<Record<string, string>> = { incident: "large-or-small" };

export async function* observeApi(operate: WebClient, tasklist: WebClient): AsyncIterable<Seen> {
  const variables = await apiVariables(operate);
  const roots: string[] = [];
  const processOf = new Map<string, string>();
  for await (const item of searchOperate(operate, "process-instances")) {
    const [key, processId] = [keyText(item["key"]), String(item["bpmnProcessId"])];
    processOf.set(key, processId);
    if (startsByItself(processId) || keyText(item["parentKey"]) !== "") continue;
    roots.push(key);
    yield* instanceSeen(key, processId, String(item["state"]) as InstanceState, variables);
  }
  yield* variablesSeen(roots, variables);
  for await (const item of searchOperate(operate, "incidents")) {
    const key = keyText(item["processInstanceKey"]);
    const element = elementOfIncident[processOf.get(key) ?? ""] ?? "unknown";
    const ref = refOf(key, variables);
    const digest = incidentDigest({ element, isOpen: item["state"] !== "RESOLVED" });
    if (!ref.startsWith(canaryPrefix)) yield observation("incident", ref, { digest });
  }
  for await (const item of searchOperate(operate, "process-definitions"))
    yield observation("definition", `${String(item["bpmnProcessId"])}:${keyText(item["version"])}`);
  for (const state of taskStates)
    for await (const task of searchTasklist(tasklist, { state }))
      yield* taskSeen(refOf(task.processInstanceKey, variables), {
        processId: processOf.get(task.processInstanceKey) ?? "unknown",
        element: task.taskDefinitionId,
        assignee: task.assignee,
        state: task.taskState,
      });
}

/** A search shows the beginning of a long value only; the whole is asked for by its key. */
async function apiVariables(operate: WebClient): Promise<RootVariables> {
  const found = new Map<string, Map<string, unknown>>();
  for await (const item of searchOperate(operate, "variables")) {
    const [scope, instance] = [keyText(item["scopeKey"]), keyText(item["processInstanceKey"])];
    if (scope !== instance) continue;
    const value =
      item["truncated"] === true ? await operate.wholeVariable(keyText(item["key"])) : item["value"];
    const ofInstance = found.get(scope) ?? new Map<string, unknown>();
    found.set(scope, ofInstance.set(String(item["name"]), parseExactJson(String(value))));
  }
  return found;
}
