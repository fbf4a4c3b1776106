import { type Elasticsearch, reasonOf } from "./elasticsearch.ts";
import { asFields, asText, type Fields } from "./json.ts";

/** Names of Optimize's indices, with the version of their mapping at the end. */
export const indices = {
  instances: "optimize-process-instance_v8",
  definitions: "optimize-process-definition_v6",
  decisions: "optimize-decision-instance_v5",
  positions: "optimize-position-based-import-index_v3",
} as const;

const keyword = { type: "keyword" };
const long = { type: "long" };
const date = { type: "date" };
const integer = { type: "integer" };
const unindexedText = { type: "keyword", index: false, doc_values: false };
const unindexedObject = { type: "object", enabled: false };

const mappings: Readonly<Record<(typeof indices)[keyof typeof indices], Fields>> = {
  [indices.instances]: {
    processInstanceKey: keyword,
    parentProcessInstanceKey: keyword,
    processDefinitionKey: keyword,
    bpmnProcessId: keyword,
    version: integer,
    tenantId: keyword,
    partitionId: integer,
    state: keyword,
    startDate: date,
    endDate: date,
    variables: unindexedObject,
    localVariables: unindexedObject,
    flowNodes: unindexedObject,
    userTasks: unindexedObject,
    incidents: unindexedObject,
    importedPositions: unindexedObject,
  },
  [indices.definitions]: {
    processDefinitionKey: keyword,
    bpmnProcessId: keyword,
    version: integer,
    versionTag: keyword,
    resourceName: keyword,
    tenantId: keyword,
    bpmn20Xml: unindexedText,
  },
  [indices.decisions]: {
    decisionInstanceKey: keyword,
    decisionKey: keyword,
    decisionId: keyword,
    decisionName: keyword,
    version: integer,
    state: keyword,
    output: unindexedText,
    processInstanceKey: keyword,
    processDefinitionKey: keyword,
    bpmnProcessId: keyword,
    elementId: keyword,
    tenantId: keyword,
    evaluationDate: date,
    partitionId: integer,
    evaluatedDecisions: unindexedObject,
  },
  [indices.positions]: {
    recordType: keyword,
    partitionId: integer,
    position: long,
    lastImportDate: date,
  },
};

/**
 * Creates the indices that are absent; one that is there stays as it is. A restored index is thus kept, and one that was
 * deleted while Optimize runs comes back empty, which then stands in the way of a restore.
 * @returns the names of the indices that were created
 */
export async function ensureIndices(elasticsearch: Elasticsearch): Promise<readonly string[]> {
  const created: string[] = [];
  for (const [name, properties] of Object.entries(mappings)) {
    const { status, json } = await elasticsearch.ask({
      method: "PUT",
      path: `/${name}`,
      body: {
        settings: { number_of_shards: 1, number_of_replicas: 0 },
        mappings: { dynamic: "strict", properties },
      },
    });
    const isThere = asText(asFields(json["error"])["type"]) === "resource_already_exists_exception";
    if (status !== 200 && !isThere) throw new Error(`index ${name} could not be created: ${reasonOf(json)}`);
    if (!isThere) created.push(name);
  }
  return created;
}
