import { asKey, asNumber, asText, parseJson, type Fields } from "./json.ts";
import type { RecordType, ZeebeRecord } from "./records.ts";

type ElementState = "ACTIVE" | "COMPLETED" | "CANCELED";
type Entries = Readonly<Record<string, Fields>>;

/** One process instance as it is kept; the maps are by key, `variables` by name. */
export interface ProcessInstance {
  readonly processInstanceKey: string;
  readonly parentProcessInstanceKey?: string;
  readonly processDefinitionKey?: string;
  readonly bpmnProcessId?: string;
  readonly version?: number;
  readonly tenantId?: string;
  readonly partitionId: number;
  /** Absent as long as only records about its parts have been imported. */
  readonly state?: ElementState;
  readonly startDate?: string;
  readonly endDate?: string;
  /** Variables of the instance itself. */
  readonly variables: Entries;
  /** Variables of scopes inside it. */
  readonly localVariables: Entries;
  readonly flowNodes: Entries;
  readonly userTasks: Entries;
  readonly incidents: Entries;
  /** Highest position that was applied, by kind of record: what comes again changes nothing. */
  readonly importedPositions: Readonly<Record<string, number>>;
}

// Source: camunda/camunda 8.6, zeebe/protocol: ProcessInstanceIntent, UserTaskIntent, IncidentIntent, VariableIntent.
// An element whose expressions cannot be evaluated stays in activation, with an incident: it counts as active.
const elementStates: Readonly<Record<string, ElementState>> = {
  ELEMENT_ACTIVATING: "ACTIVE",
  ELEMENT_ACTIVATED: "ACTIVE",
  ELEMENT_COMPLETED: "COMPLETED",
  ELEMENT_TERMINATED: "CANCELED",
};
const userTaskStates: Readonly<Record<string, string | undefined>> = {
  CREATED: "CREATED",
  COMPLETED: "COMPLETED",
  CANCELED: "CANCELED",
};
const userTaskIntents = new Set([...Object.keys(userTaskStates), "ASSIGNED", "UPDATED"]);
const incidentStates: Readonly<Record<string, string>> = { CREATED: "OPEN", RESOLVED: "RESOLVED" };
const variableIntents = new Set(["CREATED", "UPDATED"]);

/** A process instance of which nothing is known yet. */
export function newProcessInstance(processInstanceKey: string, partitionId: number): ProcessInstance {
  return {
    processInstanceKey,
    partitionId,
    variables: {},
    localVariables: {},
    flowNodes: {},
    userTasks: {},
    incidents: {},
    importedPositions: {},
  };
}

/** Applies one record. One that is not newer than the last of its kind changes nothing, so that a repeated import
 * leaves the document as it is and an old record never covers a newer state. */
export function applyRecord(
  instance: ProcessInstance,
  type: RecordType,
  record: ZeebeRecord,
): ProcessInstance {
  if (record.position <= (instance.importedPositions[type] ?? 0)) return instance;
  const changed = record.isEvent ? appliers[type]?.(instance, record) : undefined;
  return {
    ...(changed ?? instance),
    importedPositions: { ...instance.importedPositions, [type]: record.position },
  };
}

type Applier = (instance: ProcessInstance, record: ZeebeRecord) => ProcessInstance;

const appliers: Readonly<Partial<Record<RecordType, Applier>>> = {
  "process-instance": applyElement,
  variable: applyVariable,
  "user-task": applyUserTask,
  incident: applyIncident,
};

function applyElement(instance: ProcessInstance, record: ZeebeRecord): ProcessInstance {
  const { value, key } = record;
  const type = asText(value["bpmnElementType"]);
  if (type === "PROCESS") return { ...instance, ...headerOf(value), ...changeOf(record, instance) };
  if (type === "SEQUENCE_FLOW" || elementStates[record.intent] === undefined) return instance;
  const before = instance.flowNodes[key];
  const entry = { ...before, elementId: value["elementId"], type, ...changeOf(record, before) };
  return { ...instance, flowNodes: { ...instance.flowNodes, [key]: entry } };
}

/** What every record of the element `PROCESS` says; a migration changes it. */
function headerOf(value: Fields): Partial<ProcessInstance> {
  return definedOf({
    parentProcessInstanceKey: asKey(value["parentProcessInstanceKey"]),
    processDefinitionKey: asKey(value["processDefinitionKey"]),
    bpmnProcessId: asText(value["bpmnProcessId"]),
    version: asNumber(value["version"]),
    tenantId: asText(value["tenantId"]),
  });
}

interface Change {
  readonly state?: ElementState;
  readonly startDate?: string;
  readonly endDate?: string;
}

/** What a record changes in an element; the start is that of the first record about it. */
function changeOf(
  { intent, date }: ZeebeRecord,
  before: { readonly startDate?: unknown } | undefined,
): Change {
  const state = elementStates[intent];
  if (state === undefined) return {};
  return state === "ACTIVE"
    ? { state, startDate: asText(before?.["startDate"]) ?? date }
    : { state, endDate: date };
}

function applyVariable(instance: ProcessInstance, { key, intent, value }: ZeebeRecord): ProcessInstance {
  const name = asText(value["name"]);
  const text = asText(value["value"]);
  if (name === undefined || text === undefined || !variableIntents.has(intent)) return instance;
  const scopeKey = asKey(value["scopeKey"]);
  const content = typedValue(text);
  if (scopeKey === instance.processInstanceKey)
    return { ...instance, variables: { ...instance.variables, [name]: content } };
  const entry = { name, scopeKey, ...content };
  return { ...instance, localVariables: { ...instance.localVariables, [key]: entry } };
}

/** Value and type of a variable, whose record holds it as JSON text; only texts lose their quotes, the rest stays as it was written. */
function typedValue(text: string): { readonly value: string; readonly type: string } {
  const value = parsedOrNothing(text);
  if (text.startsWith('"') && typeof value === "string") return { value, type: "String" };
  if (typeof value === "boolean") return { value: text, type: "Boolean" };
  if (value === null) return { value: text, type: "Null" };
  if (typeof value === "object") return { value: text, type: "Object" };
  // Integers that a double cannot hold are read as texts.
  return { value: text, type: value === undefined ? "Unknown" : "Double" };
}

function parsedOrNothing(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    // Zeebe cuts no value, but an exporter with a limit could: the text itself is still worth keeping.
    return undefined;
  }
}

function applyUserTask(
  instance: ProcessInstance,
  { key, intent, value, date }: ZeebeRecord,
): ProcessInstance {
  if (!userTaskIntents.has(intent)) return instance;
  const state = userTaskStates[intent];
  const entry = {
    ...instance.userTasks[key],
    ...definedOf({
      elementId: asText(value["elementId"]),
      elementInstanceKey: asKey(value["elementInstanceKey"]),
      assignee: asText(value["assignee"]),
      state,
      startDate: intent === "CREATED" ? date : undefined,
      endDate: state === undefined || intent === "CREATED" ? undefined : date,
    }),
  };
  return { ...instance, userTasks: { ...instance.userTasks, [key]: entry } };
}

function applyIncident(
  instance: ProcessInstance,
  { key, intent, value, date }: ZeebeRecord,
): ProcessInstance {
  const state = incidentStates[intent];
  if (state === undefined) return instance;
  const entry = {
    ...instance.incidents[key],
    ...definedOf({
      elementId: asText(value["elementId"]),
      elementInstanceKey: asKey(value["elementInstanceKey"]),
      errorType: asText(value["errorType"]),
      errorMessage: asText(value["errorMessage"]),
      state,
      startDate: intent === "CREATED" ? date : undefined,
      endDate: intent === "CREATED" ? undefined : date,
    }),
  };
  return { ...instance, incidents: { ...instance.incidents, [key]: entry } };
}

type Defined<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

function definedOf<T extends Fields>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
