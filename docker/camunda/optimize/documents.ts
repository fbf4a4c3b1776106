import { asFieldsList, asKey, asNumber, asText, type Fields } from "./json.ts";
import type { ZeebeRecord } from "./records.ts";

/** A document that is written as a whole: the record never changes, so that a repeated import writes the same again. */
export interface WholeDocument {
  readonly id: string;
  readonly content: Fields;
}

/**
 * Process definition of a `PROCESS` record. Every partition exports its own record of one deployment, so nothing of
 * partition or time is kept.
 * @returns undefined for what is no new definition
 */
export function definitionOf({ key, isEvent, intent, value }: ZeebeRecord): WholeDocument | undefined {
  if (!isEvent || intent !== "CREATED") return undefined;
  const id = asKey(value["processDefinitionKey"]) ?? key;
  const content = {
    processDefinitionKey: id,
    bpmnProcessId: asText(value["bpmnProcessId"]),
    version: asNumber(value["version"]),
    versionTag: asText(value["versionTag"]),
    resourceName: asText(value["resourceName"]),
    tenantId: asText(value["tenantId"]),
    bpmn20Xml: Buffer.from(asText(value["resource"]) ?? "", "base64").toString(),
  };
  return { id, content };
}

/** Decision instance of a `DECISION_EVALUATION` record. @returns undefined for anything but an evaluation */
export function decisionOf(record: ZeebeRecord): WholeDocument | undefined {
  const { key, isEvent, intent, value } = record;
  if (!isEvent || (intent !== "EVALUATED" && intent !== "FAILED")) return undefined;
  const content = {
    decisionInstanceKey: key,
    decisionKey: asKey(value["decisionKey"]),
    decisionId: asText(value["decisionId"]),
    decisionName: asText(value["decisionName"]),
    version: asNumber(value["decisionVersion"]),
    state: intent,
    output: asText(value["decisionOutput"]),
    processInstanceKey: asKey(value["processInstanceKey"]),
    processDefinitionKey: asKey(value["processDefinitionKey"]),
    bpmnProcessId: asText(value["bpmnProcessId"]),
    elementId: asText(value["elementId"]),
    tenantId: asText(value["tenantId"]),
    evaluationDate: record.date,
    partitionId: record.partitionId,
    evaluatedDecisions: asFieldsList(value["evaluatedDecisions"]).map((evaluated) => ({
      ...evaluated,
      decisionKey: asKey(evaluated["decisionKey"]),
    })),
  };
  return { id: key, content };
}
