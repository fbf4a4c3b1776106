import { z } from "zod";

/**
 * Keys that the engine gave out for what Muster made, by Muster's own reference. Kept outside the stack for the whole
 * run, because an engine without a reading API can only be asked about keys.
 */
export interface LedgerEntry {
  readonly ref: string;
  readonly processId: string;
  readonly instanceKey: string;
  /** Type that only this instance's job has, where it waits at one. */
  readonly jobType?: string;
}

/** A canary that the engine acknowledged; it must become visible everywhere. */
export interface Canary {
  readonly ref: string;
  readonly instanceKey: string;
}

export class Ledger {
  readonly #entries: Map<string, LedgerEntry>;
  readonly #canaries: Map<string, Canary>;
  readonly #dueTimes: Map<string, number>;

  /** Every connection of a run sees the same ledger. */
  constructor(memory: Map<string, unknown>) {
    this.#entries = sharedMap<LedgerEntry>(memory, "instances");
    this.#canaries = sharedMap<Canary>(memory, "canaries");
    this.#dueTimes = sharedMap<number>(memory, "due-times");
  }

  add(entry: LedgerEntry): void {
    this.#entries.set(entry.ref, entry);
  }

  entries(): readonly LedgerEntry[] {
    return [...this.#entries.values()];
  }

  find(ref: string): LedgerEntry | undefined {
    return this.#entries.get(ref);
  }

  /** @param schedule id of something that is due once */
  noteDueTime(schedule: string, dueAt: number): void {
    this.#dueTimes.set(schedule, dueAt);
  }

  dueTimeOf(schedule: string): number | null {
    return this.#dueTimes.get(schedule) ?? null;
  }

  /** Canaries of an earlier start went with what was destroyed. */
  replaceCanaries(canaries: readonly Canary[]): void {
    this.#canaries.clear();
    for (const canary of canaries) this.#canaries.set(canary.ref, canary);
  }

  canaries(): readonly Canary[] {
    return [...this.#canaries.values()];
  }
}

function sharedMap<Value>(memory: Map<string, unknown>, name: string): Map<string, Value> {
  const found = memory.get(name) ?? new Map<string, Value>();
  memory.set(name, found);
  return z.instanceof(Map).parse(found) as Map<string, Value>;
}
