import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { PostgresStore } from "../../stores/postgres.ts";
import type { RabbitmqStore } from "../../stores/rabbitmq.ts";
import { digestOf, textOf, timeOf } from "./records.ts";

/**
 * What waits for its time: rows of the database beside messages of the broker. The two are read one after the other, and
 * an execution may start in between, so a difference counts only once it lasts.
 */

export interface ScheduledRow {
  readonly executionId: string;
  /** Milliseconds UTC; null where the row names no time. */
  readonly dueAt: number | null;
  /** What the message must say. */
  readonly digest: string;
}

export interface ScheduledMessage {
  readonly executionId: string;
  readonly messages: number;
  readonly digest: string;
  /** How long its queue keeps a message; null where the queue sets no time. */
  readonly delayMs: number | null;
}

export interface ScheduledState {
  readonly rows: readonly ScheduledRow[];
  readonly messages: readonly ScheduledMessage[];
}

const vhost = "/";
const queueSuffix = "_queue";
const peekLimit = 5;
const peeksAtOnce = 8;
const attempts = 3;
const pauseMs = 1_500;

const messageSchema = z.object({
  id: z.string(),
  cloudify_task: z.object({
    kwargs: z.looseObject({
      __cloudify_context: z.object({
        tenant: z.object({ name: z.string() }),
        workflow_id: z.string(),
        dry_run: z.boolean(),
        wait_after_fail: z.number(),
      }),
    }),
  }),
});

/** Reads until both sides agree or `attempts` readings were made; the last one stands. */
export async function readScheduled(database: PostgresStore, broker: RabbitmqStore): Promise<ScheduledState> {
  for (let attempt = 1; ; attempt += 1) {
    const state = { rows: await readRows(database), messages: await readMessages(broker) };
    if (isConsistent(state) || attempt === attempts) return state;
    await sleep(pauseMs);
  }
}

export function isConsistent({ rows, messages }: ScheduledState): boolean {
  const byId = new Map(messages.map((message) => [message.executionId, message]));
  return (
    rows.length === messages.length &&
    rows.every(({ executionId, digest }) => {
      const message = byId.get(executionId);
      return message?.messages === 1 && message.digest === digest;
    })
  );
}

async function readRows(database: PostgresStore): Promise<ScheduledRow[]> {
  const rows = await database.rows(
    `SELECT e.id, t.name AS tenant, e.workflow_id, e.parameters, e.is_dry_run, e.wait_after_fail, e.scheduled_for
     FROM executions e JOIN tenants t ON t.id = e._tenant_id WHERE e.status = 'scheduled'`,
  );
  return rows.map((row) => ({
    executionId: textOf(row, "id"),
    dueAt: timeOf(row["scheduled_for"]),
    digest: wordsOfWork({
      id: textOf(row, "id"),
      tenant: textOf(row, "tenant"),
      workflow: textOf(row, "workflow_id"),
      parameters: row["parameters"],
      isDryRun: row["is_dry_run"] === true,
      waitAfterFail: Number(row["wait_after_fail"]),
    }),
  }));
}

async function readMessages(broker: RabbitmqStore): Promise<ScheduledMessage[]> {
  const delayed = (await broker.queues(vhost)).filter(({ name }) => name.endsWith(queueSuffix));
  const messages: ScheduledMessage[] = [];
  const queue = delayed.values();
  const reader = async () => {
    for (const { name, arguments: options } of queue) {
      const payloads = await broker.peek(vhost, name, peekLimit);
      if (payloads === undefined) continue; // It fired while the list was read.
      const executionId = name.slice(0, -queueSuffix.length);
      const [first] = payloads;
      const digest = first === undefined ? "no message" : digestOfMessage(first);
      const ttl = options["x-message-ttl"];
      const delayMs = typeof ttl === "number" ? ttl : null;
      messages.push({ executionId, messages: payloads.length, digest, delayMs });
    }
  };
  await Promise.all(Array.from({ length: peeksAtOnce }, reader));
  return messages;
}

interface Work {
  readonly id: string;
  readonly tenant: string;
  readonly workflow: string;
  readonly parameters: unknown;
  readonly isDryRun: boolean;
  readonly waitAfterFail: number;
}

/** What will run, in words that a finding can show; only the parameters are a digest. */
export function wordsOfWork({ id, tenant, workflow, parameters, isDryRun, waitAfterFail }: Work): string {
  const kind = isDryRun ? "dry run" : "run";
  const digest = digestOf(parameters).slice(0, 12);
  return `${kind} of ${workflow} in ${tenant}, id ${id}, wait_after_fail ${waitAfterFail}, parameters ${digest}`;
}

export function digestOfMessage(payload: string): string {
  const parsed = messageSchema.safeParse(JSON.parse(payload));
  if (!parsed.success) return "a message of another form";
  const { __cloudify_context: context, ...parameters } = parsed.data.cloudify_task.kwargs;
  return wordsOfWork({
    id: parsed.data.id,
    tenant: context.tenant.name,
    workflow: context.workflow_id,
    parameters,
    isDryRun: context.dry_run,
    waitAfterFail: context.wait_after_fail,
  });
}
