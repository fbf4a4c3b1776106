import { setTimeout as sleep } from "node:timers/promises";
import type { ElasticsearchStore } from "../../stores/elasticsearch.ts";
import type { Gateway } from "./gateway.ts";
import type { Canary, Ledger } from "./ledger.ts";
import { canaryPrefix, referenceVariable } from "./records.ts";
import { assignee } from "./workload.ts";

/**
 * Settled means that a canary of each partition is visible everywhere: importers take a partition's records in order, so
 * what was written before it is there too. Positions alone do not tell: importers lag behind the exporter by seconds.
 */

const canaryLimitMs = 3_000;
const visibleLimitMs = 40_000;
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
  while (performance.now() < endsAt) {
    if (await allVisible(windows, canaries)) return;
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
