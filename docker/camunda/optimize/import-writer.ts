import { decisionOf, definitionOf, type WholeDocument } from "./documents.ts";
import type { Elasticsearch } from "./elasticsearch.ts";
import { asFields, asFieldsList, asKey, asNumber, type Fields } from "./json.ts";
import { applyRecord, newProcessInstance, type ProcessInstance } from "./process-instance.ts";
import type { RecordType, ZeebeRecord } from "./records.ts";
import { indices } from "./schema.ts";

const bulkLimitMs = 60_000;

/** Writes one page of records into the documents that they are about. */
export class ImportWriter {
  readonly #elasticsearch: Elasticsearch;

  constructor(elasticsearch: Elasticsearch) {
    this.#elasticsearch = elasticsearch;
  }

  /** @throws Error where a document was refused or changed meanwhile; to write the same page again does no harm. */
  async write(type: RecordType, records: readonly ZeebeRecord[]): Promise<void> {
    if (type === "process") await this.#writeWhole(indices.definitions, records.map(definitionOf));
    else if (type === "decision-evaluation")
      await this.#writeWhole(indices.decisions, records.map(decisionOf));
    else await this.#writeInstances(type, records);
  }

  async #writeWhole(index: string, documents: readonly (WholeDocument | undefined)[]): Promise<void> {
    const lines = documents.flatMap((document) =>
      document === undefined ? [] : [{ index: { _id: document.id } }, document.content],
    );
    await this.#bulk(index, lines);
  }

  async #writeInstances(type: RecordType, records: readonly ZeebeRecord[]): Promise<void> {
    const ofInstances = records.flatMap((record) => {
      const instanceKey = asKey(record.value["processInstanceKey"]);
      return instanceKey === undefined ? [] : [{ instanceKey, record }];
    });
    const byInstance = Map.groupBy(ofInstances, ({ instanceKey }) => instanceKey);
    if (byInstance.size === 0) return;
    const known = await this.#readInstances([...byInstance.keys()]);
    const lines = [...byInstance].flatMap(([instanceKey, group]): Fields[] => {
      const partitionId = group[0]?.record.partitionId ?? 0;
      const { header, before } = known.get(instanceKey) ?? {
        header: { create: { _id: instanceKey } },
        before: newProcessInstance(instanceKey, partitionId),
      };
      const after = group.reduce((instance, { record }) => applyRecord(instance, type, record), before);
      return after === before ? [] : [header, { ...after }];
    });
    await this.#bulk(indices.instances, lines);
  }

  /** Documents as they are at this moment, each with the header of the write that replaces just this state. */
  async #readInstances(
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, { readonly header: Fields; readonly before: ProcessInstance }>> {
    const answer = await this.#elasticsearch.demand({
      method: "POST",
      path: `/${indices.instances}/_mget`,
      body: { ids },
    });
    const documents = asFieldsList(answer["docs"]);
    const failed = documents.find((document) => "error" in document);
    if (failed !== undefined || documents.length !== ids.length)
      throw new Error(`process instances could not be read: ${JSON.stringify(failed?.["error"])}`);
    return new Map(
      documents.flatMap((document) => {
        const id = asKey(document["_id"]);
        if (document["found"] !== true || id === undefined) return [];
        const header = {
          index: {
            _id: id,
            if_seq_no: asNumber(document["_seq_no"]),
            if_primary_term: asNumber(document["_primary_term"]),
          },
        };
        // Only this class writes these documents, in this very shape.
        const before = asFields(document["_source"]) as unknown as ProcessInstance;
        return [[id, { header, before }] as const];
      }),
    );
  }

  async #bulk(index: string, lines: readonly Fields[]): Promise<void> {
    if (lines.length === 0) return;
    const answer = await this.#elasticsearch.demand({
      method: "POST",
      path: `/${index}/_bulk`,
      body: lines,
      limitMs: bulkLimitMs,
    });
    if (answer["errors"] === false) return;
    const failed = asFieldsList(answer["items"])
      .map((item) => asFields(Object.values(item)[0]))
      .find((item) => "error" in item);
    throw new Error(`${index} refused a document: ${JSON.stringify(failed?.["error"]).slice(0, 500)}`);
  }
}
