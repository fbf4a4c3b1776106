import { setTimeout as sleep } from "node:timers/promises";
import type { Firing } from "../../core/tables.ts";
import type { Clients } from "./clients.ts";
import { effectsAfter, type Effect } from "./effects.ts";
import type { Ledger } from "./ledger.ts";
import type { Item } from "./manager-client.ts";
import { ruleParameter } from "./rules.ts";
import { idIn, referenceOf, referenceParameter, textOf, timeOf } from "./records.ts";

/**
 * Every scheduled execution as it is seen from outside: in the ledger of effects; of a dry run, which leaves none, in its
 * own row; and the lines in the log of a restore that say that one was overdue.
 */

const pollMs = 500;
const restoreWorkflow = "restore_snapshot";
/** What a line that is looked for contains: a restore of many rows has a line for each. */
const overdueWords = "is overdue";
const overdueLine = /^Execution (\S+) scheduled for (\S+) is overdue\. Marking as FAILED\.$/;

/** Streams until the signal ends it; what does not answer is asked again. */
export async function* watchScheduled(clients: Clients, signal: AbortSignal): AsyncIterable<Firing> {
  let effects = 0;
  const told = new Set<string>();
  const once = (key: string) => !told.has(key) && told.add(key) !== undefined;
  while (!signal.aborted) {
    for (const effect of await orNothing(effectsAfter(clients.effects, effects))) {
      effects = effect.n;
      const firing = firingOfEffect(effect, clients.ledger);
      if (firing !== undefined) yield firing;
    }
    const hasDryRuns = clients.ledger.scheduled().some(({ isDryRun }) => isDryRun);
    const listed = hasDryRuns ? collect(clients.manager.listEverywhere("/executions")) : Promise.resolve([]);
    for (const item of await orNothing(listed)) {
      const firing = firingOfDryRun(item, clients.ledger);
      if (firing !== undefined && once(textOf(item, "id"))) yield firing;
    }
    for (const { key, firing } of await orNothing(refusals(clients))) if (once(key)) yield firing;
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Only what was scheduled; the effect of an execution that was to start at once is no firing. */
export function firingOfEffect(effect: Effect, ledger: Ledger): Firing | undefined {
  const { tenant, parameters, received_at: receivedAt, execution_id: executionId, attempt, host } = effect;
  const common = {
    fired_at: Date.parse(receivedAt),
    state: "executed",
    message: `effect ${attempt} of execution ${executionId} on ${host}`,
  };
  const rule = ledger.rule(idIn(tenant, String(parameters?.[ruleParameter])));
  if (rule !== undefined) return { id: rule.ref, due_at: rule.isCycle ? null : rule.firstAt, ...common };
  const ref = parameters?.[referenceParameter];
  if (typeof ref !== "string") return undefined;
  const known = ledger.execution(idIn(tenant, ref));
  if (known === undefined || known.dueAt === null) return undefined;
  return { id: known.ref, due_at: known.dueAt, ...common };
}

function firingOfDryRun(item: Item, ledger: Ledger): Firing | undefined {
  const ref = referenceOf(item);
  if (ref === undefined || item["is_dry_run"] !== true || item["status"] !== "terminated") return undefined;
  const known = ledger.execution(idIn(textOf(item, "tenant_name"), ref));
  const startedAt = timeOf(item["started_at"]);
  if (known === undefined || known.dueAt === null || startedAt === null) return undefined;
  return {
    id: known.ref,
    due_at: known.dueAt,
    fired_at: startedAt,
    state: "executed",
    message: `dry run of execution ${known.executionId}`,
  };
}

/** Overdue lines of every restore, each with what became of the row that it speaks of. */
async function refusals({ manager, ledger }: Clients): Promise<{ key: string; firing: Firing }[]> {
  const found: { key: string; firing: Firing }[] = [];
  const query = { workflow_id: restoreWorkflow, _include_system_workflows: "True" };
  for await (const restore of manager.listEverywhere("/executions", query)) {
    const lines = { execution_id: textOf(restore, "id"), type: "cloudify_log", message: overdueWords };
    for await (const line of manager.list("/events", lines)) {
      const executionId = overdueLine.exec(textOf(line, "message"))?.[1];
      const known = executionId === undefined ? undefined : ledger.executionWithId(executionId);
      const at = timeOf(line["timestamp"] ?? line["reported_timestamp"]);
      if (known === undefined || at === null) continue;
      const row = await manager.get(`/executions/${known.executionId}`, known.tenant);
      const key = `${known.ref} ${textOf(line, "timestamp")} ${textOf(line, "message")}`;
      found.push({ key, firing: refusalOf(line, { row, at, ref: known.ref, dueAt: known.dueAt }) });
    }
  }
  return found;
}

/** A line alone refuses nothing: the row has to be failed, with the time at which it ended. */
export function refusalOf(
  line: Item,
  {
    row,
    at,
    ref,
    dueAt,
  }: { readonly row: Item; readonly at: number; readonly ref: string; readonly dueAt: number | null },
): Firing {
  const isFailed = row["status"] === "failed" && timeOf(row["ended_at"]) !== null;
  return {
    id: ref,
    due_at: dueAt,
    fired_at: at,
    state: isFailed ? "refused" : `told, but ${textOf(row, "status")}`,
    message: `${textOf(line, "level").toUpperCase()} ${textOf(line, "message")}`,
  };
}

async function collect(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** While the stack is down or in maintenance nothing answers; what was missed is read with the next answer. */
async function orNothing<Found>(asked: Promise<readonly Found[]>): Promise<readonly Found[]> {
  return await asked.catch(() => []);
}
