import { observation, reference } from "../../core/seen.ts";
import type { Seen } from "../../core/system.ts";
import { sha256Of } from "../../stores/digest.ts";
import type { ElasticsearchStore } from "../../stores/elasticsearch.ts";
import { parseExactJson } from "../../stores/exact-json.ts";
import { keyText } from "./http.ts";
import {
  canaryPrefix,
  instanceDigest,
  instanceKind,
  referenceVariable,
  startsByItself,
  variableDigest,
  variableId,
  type InstanceState,
} from "./records.ts";
import { recordSchema, type ExportedRecord } from "./record.ts";

/** The records that the broker exports, `zeebe-record*`: Operate, Tasklist and Optimize read nothing else. */

const stateOfIntent: Readonly<Record<string, InstanceState>> = {
  ELEMENT_ACTIVATING: "ACTIVE",
  ELEMENT_ACTIVATED: "ACTIVE",
  ELEMENT_COMPLETING: "ACTIVE",
  ELEMENT_COMPLETED: "COMPLETED",
  ELEMENT_TERMINATING: "ACTIVE",
  ELEMENT_TERMINATED: "CANCELED",
};

export async function* observeRecords(store: ElasticsearchStore): AsyncIterable<Seen> {
  await store.refresh("zeebe-record*");
  const instances = new Map<string, ExportedRecord>();
  for await (const record of recordsOf(store, "process-instance", { "value.bpmnElementType": "PROCESS" })) {
    const key = keyText(record.value["processInstanceKey"]);
    if ((instances.get(key)?.position ?? -1) < record.position) instances.set(key, record);
  }
  const variables = await rootVariables(store);
  const roots: string[] = [];
  for (const [key, record] of instances) {
    const processId = String(record.value["bpmnProcessId"]);
    if (startsByItself(processId) || keyText(record.value["parentProcessInstanceKey"]) !== "-1") continue;
    roots.push(key);
    yield* instanceSeen(key, processId, stateOfIntent[record.intent] ?? "ACTIVE", variables);
  }
  yield* variablesSeen(roots, variables);
  yield* definitionsSeen(store);
}

/** Root variables by instance key, then by name; the newest value counts. */
export type RootVariables = ReadonlyMap<string, ReadonlyMap<string, unknown>>;

async function rootVariables(store: ElasticsearchStore): Promise<RootVariables> {
  const found = new Map<string, Map<string, { position: number; value: unknown }>>();
  for await (const { position, value } of recordsOf(store, "variable")) {
    const scope = keyText(value["scopeKey"]);
    if (scope !== keyText(value["processInstanceKey"])) continue;
    const ofInstance = found.get(scope) ?? new Map<string, { position: number; value: unknown }>();
    found.set(scope, ofInstance);
    const name = String(value["name"]);
    if ((ofInstance.get(name)?.position ?? -1) < position)
      ofInstance.set(name, { position, value: parseExactJson(String(value["value"])) });
  }
  return new Map(
    [...found].map(([key, names]) => [key, new Map([...names].map(([name, { value }]) => [name, value]))]),
  );
}

/** An instance under Muster's reference; a canary is one of its own kind, and what has no reference is shown by its key. */
export function* instanceSeen(
  key: string,
  processId: string,
  state: InstanceState,
  variables: RootVariables,
): Iterable<Seen> {
  const ref = refOf(key, variables);
  if (ref.startsWith(canaryPrefix)) {
    yield observation("canary", ref);
    return;
  }
  const kind = instanceKind(processId);
  yield observation(kind, ref, { digest: instanceDigest(processId, state) });
  const definition = { component: "records", kind: "definition", id: `${processId}:1` };
  yield reference({ kind, id: ref }, definition, "definition");
}

export function refOf(key: string, variables: RootVariables): string {
  const ref = variables.get(key)?.get(referenceVariable);
  return typeof ref === "string" ? ref : `key ${key}`;
}

/** @param roots keys of the instances that nobody called: a called one has copies of its caller's variables */
export function* variablesSeen(roots: readonly string[], variables: RootVariables): Iterable<Seen> {
  for (const key of roots) {
    const ref = refOf(key, variables);
    if (ref.startsWith(canaryPrefix)) continue;
    for (const [name, value] of variables.get(key) ?? [])
      yield observation("variable", variableId(ref, name), { digest: variableDigest(value) });
  }
}

async function* definitionsSeen(store: ElasticsearchStore): AsyncIterable<Seen> {
  const sources = [
    { type: "process", kind: "definition", id: "bpmnProcessId", version: "version" },
    { type: "form", kind: "form", id: "formId", version: "version" },
    {
      type: "decision-requirements",
      kind: "decision",
      id: "decisionRequirementsId",
      version: "decisionRequirementsVersion",
    },
  ] as const;
  for (const { type, kind, id, version } of sources) {
    const seen = new Map<string, string>();
    for await (const { value } of recordsOf(store, type)) {
      const text = Buffer.from(String(value["resource"]), "base64").toString("utf8");
      seen.set(`${String(value[id])}:${keyText(value[version])}`, sha256Of(text));
    }
    for (const [name, digest] of seen) yield observation(kind, name, { digest });
  }
}

/** Records of one type, such as `process-instance`; an index of another type begins with the same letters. */
export async function* recordsOf(
  store: ElasticsearchStore,
  type: string,
  having: Readonly<Record<string, string | number>> = {},
): AsyncIterable<ExportedRecord> {
  for await (const { source } of store.documents(`zeebe-record_${type}_*`, having))
    yield recordSchema.parse(source);
}

/** The last position of each partition that reached the index. */
export async function* recordPositions(store: ElasticsearchStore): AsyncIterable<Seen> {
  const highest = new Map<number, number>();
  for await (const { source } of store.documents("zeebe-record*")) {
    const { partitionId, position } = recordSchema.parse(source);
    highest.set(partitionId, Math.max(position, highest.get(partitionId) ?? 0));
  }
  for (const [partition, seq] of highest) yield observation("record-position", String(partition), { seq });
}
