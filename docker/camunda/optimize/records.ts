import { asFields, asKey, asNumber, asText, type Fields } from "./json.ts";

/** Kinds of Zeebe records that are imported, in this order, by the name that Zeebe's exporter puts into its index names. */
export const recordTypes = [
  "process",
  "process-instance",
  "variable",
  "user-task",
  "incident",
  "decision-evaluation",
] as const;
export type RecordType = (typeof recordTypes)[number];

/**
 * One record as Zeebe's Elasticsearch exporter writes it.
 * @see camunda/camunda 8.6, zeebe/exporters/elasticsearch-exporter: index templates and `_source` of its documents
 */
export interface ZeebeRecord {
  /** Of what the record is about: process instance or element, variable, user task, incident, evaluation. */
  readonly key: string;
  readonly partitionId: number;
  /** Place in the log of its partition. */
  readonly position: number;
  readonly intent: string;
  /** Time of the broker, as ISO 8601. */
  readonly date: string;
  readonly isEvent: boolean;
  readonly value: Fields;
}

/** @throws Error naming the position where a record cannot be read: nothing is imported past it. */
export function parseRecord(source: Fields): ZeebeRecord {
  const position = asNumber(source["position"]);
  const partitionId = asNumber(source["partitionId"]);
  const timestamp = asNumber(source["timestamp"]);
  const intent = asText(source["intent"]);
  const key = asKey(source["key"]);
  if (position === undefined || partitionId === undefined || timestamp === undefined)
    throw new Error(`a record has no position, partition or time: ${JSON.stringify(source).slice(0, 300)}`);
  const isEvent = source["recordType"] === "EVENT";
  if (isEvent && (intent === undefined || key === undefined))
    throw new Error(`the record at position ${position} of partition ${partitionId} has no intent or no key`);
  return {
    key: key ?? "",
    partitionId,
    position,
    intent: intent ?? "",
    date: new Date(timestamp).toISOString(),
    isEvent,
    value: asFields(source["value"]),
  };
}

/** Pattern of the indices of one kind of records, whatever version and day. The underscore at its end keeps
 * `process-instance` out of the pattern of `process`. */
export function indexPattern(prefix: string, type: RecordType): string {
  return `${prefix}_${type}_*`;
}
