import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { ElasticsearchStore } from "../../stores/elasticsearch.ts";
import type { Gateway } from "./gateway.ts";
import type { Canary, Ledger } from "./ledger.ts";
import { canaryPrefix, referenceVariable } from "./records.ts";
import { assignee } from "./workload.ts";

/**
 * Settled means that a canary of each partition is visible everywhere, and that every importer has come as far in its type
 * of record as the records reached when the canary was made: importers take one type after the other, seconds apart.
 */

const canaryLimitMs = 3_000;
const visibleLimitMs = 60_000;
const pollMs = 500;
const partitionBits = 51n;

/** Whether a canary shows in one place. */
interface Window {
  readonly place: string;
  readonly shows: (canary: Canary) => Promise<boolean>;
}

/** Waits, with a limit; where a canary stays invisible, the invariants say so. */
export async function settle(options: {
  readonly gateway: Gateway;
  readonly index: ElasticsearchStore;
  readonly ledger: Ledger;
  readonly partitions: number;
}): Promise<void> {
  const { gateway, index, ledger, partitions } = options;
  const canaries = await oneInEachPartition(gateway, partitions);
  ledger.replaceCanaries(canaries);
  const endsAt = performance.now() + visibleLimitMs;
  const windows = windowsOf(index);
  let wanted: readonly Importer[] | undefined;
  while (performance.now() < endsAt) {
    if (
      (await allVisible(windows, canaries)) &&
      (await importedAll(index, (wanted ??= await reachedNow(index))))
    )
      return;
    await sleep(pollMs);
  }
}

/** Instances go to partitions in turn, so a few more are made where one does not answer. */
async function oneInEachPartition(gateway: Gateway, partitions: number): Promise<Canary[]> {
  const byPartition = new Map<string, Canary>();
  const enough = 40 * partitions;
  for (let n = 0; n < enough && byPartition.size < partitions; n += 1) {
    const ref = `${canaryPrefix}${Date.now()}-${n}`;
    const variables = { [referenceVariable]: ref, assignee };
    try {
      const instanceKey = await gateway.createInstance("user-task", variables, canaryLimitMs);
      byPartition.set(String(BigInt(instanceKey) >> partitionBits), { ref, instanceKey });
    } catch {
      // Not answered: the next one is, or the invariants say that none was.
    }
  }
  return [...byPartition.values()];
}

/** One importer of one type of record, and how far it has to come. */
interface Importer {
  readonly index: string;
  readonly id: string;
  readonly position: number;
}

const importerIndices = ["operate-import-position-*_", "tasklist-import-position-*_"] as const;
const importerSchema = z.object({
  aliasName: z.string(),
  partitionId: z.int(),
  position: z.int(),
  /** What comes after an import: incidents are shown only then. */
  postImporterPosition: z.int().nullish(),
});

async function reachedNow(store: ElasticsearchStore): Promise<Importer[]> {
  const importers: Importer[] = [];
  for (const index of importerIndices) {
    for await (const { id, source } of store.documents(index)) {
      const { aliasName, partitionId } = importerSchema.parse(source);
      const position = await store.highest(`zeebe-record_${aliasName}_*`, "position", { partitionId });
      if (position !== undefined) importers.push({ index, id, position });
    }
  }
  return importers;
}

async function importedAll(store: ElasticsearchStore, wanted: readonly Importer[]): Promise<boolean> {
  for (const index of importerIndices) {
    await store.refresh(index);
    for await (const { id, source } of store.documents(index)) {
      const { position, postImporterPosition } = importerSchema.parse(source);
      const want = wanted.find((importer) => importer.index === index && importer.id === id)?.position ?? 0;
      if (position < want || (postImporterPosition ?? want) < want) return false;
    }
  }
  return true;
}

function windowsOf(index: ElasticsearchStore): readonly Window[] {
  const documentOf = (pattern: string, field: string): Window["shows"] => {
    return async ({ instanceKey }) => {
      await index.refresh(pattern);
      for await (const _ of index.documents(pattern, { [field]: instanceKey })) return true;
      return false;
    };
  };
  return [
    { place: "operate", shows: documentOf("operate-list-view-*_", "id") },
    { place: "operate", shows: documentOf("operate-variable-*_", "scopeKey") },
    { place: "tasklist", shows: documentOf("tasklist-task-*_", "processInstanceId") },
    { place: "tasklist", shows: documentOf("tasklist-variable-*_", "processInstanceId") },
    { place: "optimize", shows: documentOf("optimize-process-instance*", "processInstanceKey") },
  ];
}

async function allVisible(windows: readonly Window[], canaries: readonly Canary[]): Promise<boolean> {
  for (const canary of canaries) for (const { shows } of windows) if (!(await shows(canary))) return false;
  return true;
}
