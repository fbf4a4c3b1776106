import { observation, reference } from "../../core/seen.ts";
import type { Seen } from "../../core/system.ts";
import type { ElasticsearchStore } from "../../stores/elasticsearch.ts";
import { parseExactJson } from "../../stores/exact-json.ts";
import type { Gateway } from "./gateway.ts";
import { keyText } from "./http.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";
import { recordsOf } from "./observe-records.ts";
import type { ExportedRecord } from "./record.ts";
import { jobDigest, referenceVariable, timerProcesses, variableDigest } from "./records.ts";

/**
 * The engine. It has no reading API in 8.6, so it is asked about every key that it gave out, and for the job of every
 * instance that waits at one.
 */

const questionsAtOnce = 8;
const attempts = 3;
/** Long enough to be looked at, short enough to be free again before anything else wants the job. */
const jobLockMs = 1_000;

export async function* observeZeebe(options: {
  readonly gateway: Gateway;
  readonly index: ElasticsearchStore;
  readonly ledger: Ledger;
}): AsyncIterable<Seen> {
  const { gateway, index, ledger } = options;
  for (const { ref } of ledger.canaries()) yield observation("canary", ref);
  const entries = ledger.entries().filter(({ processId }) => !timerProcesses.has(processId));
  const there = await inBatches(entries, async (entry) =>
    (await withRetries(async () => await gateway.instanceExists(entry.instanceKey))) ? [entry] : [],
  );
  // Asked for afterwards, so that a key that was given out again in between is found as well.
  const owners = await ownersOfKeys(index);
  for (const { ref, processId } of there.filter((entry) => isStillOf(entry, owners)))
    yield observation("active-instance", ref, { digest: variableDigest(processId) });
  const waiting = entries.filter(({ jobType }) => jobType !== undefined);
  yield* await inBatches(waiting, async (entry) => await jobsOf(gateway, entry));
}

/** Whose a key is now, as the engine exported it last; without a process where it names an element within an instance. */
interface Owner {
  readonly processId?: string;
  readonly ref?: string;
}

/**
 * A key identifies nothing by itself: after a restore the engine gives out the keys of the lost time line again, to
 * instances and to elements within them. What it exported under the key since then says whose it is.
 */
export function isStillOf(
  { ref, processId, instanceKey }: LedgerEntry,
  owners: ReadonlyMap<string, Owner>,
): boolean {
  const owner = owners.get(instanceKey);
  return owner === undefined || (owner.processId === processId && owner.ref === ref);
}

async function ownersOfKeys(index: ElasticsearchStore): Promise<Map<string, Owner>> {
  await index.refresh("zeebe-record*");
  const references = new Map<string, ExportedRecord>();
  for await (const record of recordsOf(index, "variable", { "value.name": referenceVariable })) {
    const scope = keyText(record.value["scopeKey"]);
    if (scope === keyText(record.value["processInstanceKey"])) keepNewest(references, scope, record);
  }
  const elements = new Map<string, ExportedRecord>();
  for await (const record of recordsOf(index, "process-instance")) keepNewest(elements, record.key, record);
  return new Map(
    [...elements].map(([key, { value }]) => {
      if (value["bpmnElementType"] !== "PROCESS") return [key, {}];
      const text = references.get(key)?.value["value"];
      const processId = String(value["bpmnProcessId"]);
      return [
        key,
        typeof text === "string" ? { processId, ref: String(parseExactJson(text)) } : { processId },
      ];
    }),
  );
}

function keepNewest(newest: Map<string, ExportedRecord>, key: string, record: ExportedRecord): void {
  if ((newest.get(key)?.position ?? -1) < record.position) newest.set(key, record);
}

async function jobsOf(gateway: Gateway, { ref, jobType = "" }: LedgerEntry): Promise<Seen[]> {
  const jobs = await withRetries(async () => await gateway.activateJobs(jobType, { lockMs: jobLockMs }));
  return jobs.flatMap(({ type, retries, variables }, index) => {
    const id = index === 0 ? ref : `${ref} (again)`;
    const owner = { component: "zeebe", kind: "active-instance", id: ref };
    return [
      observation("job", id, { digest: jobDigest({ type, retries, variables }) }),
      reference({ kind: "job", id }, owner, "instance"),
    ];
  });
}

/** A time-out is no absence: the question is put again, and what stays unanswered makes the reading fail. */
async function withRetries<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (thrown) {
      if (attempt === attempts) throw thrown;
    }
  }
}

async function inBatches<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<readonly Answer[]>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let from = 0; from < items.length; from += questionsAtOnce)
    answers.push(...(await Promise.all(items.slice(from, from + questionsAtOnce).map(ask))).flat());
  return answers;
}
