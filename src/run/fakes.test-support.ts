import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { JournalEntry } from "../core/journal.ts";
import { readJournal } from "../core/journal.ts";
import type { StackHandle } from "../core/stack.ts";
import type { Connection, Operation, System } from "../core/system.ts";
import { increasingClock } from "./clock.ts";
import type { ClientContext } from "./context.ts";
import { JournalFile } from "./journal-file.ts";
import { makeSecrets } from "./secrets.ts";

/** For tests: a system in memory behind the real ports, and the context of a run on it. */

export const noStack: StackHandle = {
  projectName: "none",
  endpoint: () => Promise.reject(new Error("nothing runs")),
  isRunning: () => Promise.resolve(false),
  async *readTree() {},
};

/** A connection with nothing in it but what is given. */
export function connectionWith(parts: Partial<Connection>): Connection {
  return {
    ready: () => Promise.resolve(),
    workload: () => ({ operations: 0, lanes: [] }),
    settle: () => Promise.resolve(),
    async *observe() {},
    probeGone: () => Promise.resolve({ gone: true, detail: "" }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
    ...parts,
  };
}

export function operationOf(
  id: string,
  perform: () => Promise<void> = () => Promise.resolve(),
  schedules?: Operation["schedules"],
): Operation {
  return {
    facts: () => [{ kind: "record", id, op: "create", digest: null }],
    perform,
    ...(schedules === undefined ? {} : { schedules }),
  };
}

/** The context of a run whose system answers with the connection. */
export function contextWith(
  folder: string,
  connect: System["connect"],
  parts: Partial<ClientContext> = {},
): ClientContext {
  const secrets = makeSecrets();
  let seq = 0;
  return {
    system: {
      id: "memory",
      title: "In memory",
      stack: { kind: "directory", program: "none" },
      components: [],
      placements: [],
      clustered: false,
      hasSchedules: true,
      hasProbes: true,
      limits: [],
      deployment: () => Promise.resolve([]),
      connect,
    },
    plan: { seed: 1, scale: "small", drill: {} },
    secrets,
    memory: new Map(),
    clock: increasingClock(),
    progress: { stepBegan: () => undefined, detail: () => undefined, stepEnded: () => undefined },
    signal: new AbortController().signal,
    journal: new JournalFile(join(folder, "journal.jsonl"), (text) => secrets.redact(text)),
    nextSeq: () => (seq += 1),
    ...parts,
  };
}

export function journalOf(folder: string): readonly JournalEntry[] {
  return readJournal(readFileSync(join(folder, "journal.jsonl"), "utf8")).entries;
}
