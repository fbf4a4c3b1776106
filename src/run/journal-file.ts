import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { chainStart, hashLine, journalEntrySchema, type NewEntry } from "../core/journal.ts";

/** Appends to `journal.jsonl`; each line is on disk before the next thing is done, so that a crash loses nothing. */
export class JournalFile {
  readonly #descriptor: number;
  readonly #redact: (text: string) => string;
  #previous = chainStart;
  #seq = 0;

  constructor(path: string, redact: (text: string) => string) {
    this.#descriptor = openSync(path, "wx", 0o644);
    this.#redact = redact;
  }

  append(entry: NewEntry): void {
    const whole = journalEntrySchema.parse({ seq: this.#seq, previous: this.#previous, ...entry });
    const line = this.#redact(JSON.stringify(whole));
    writeSync(this.#descriptor, `${line}\n`);
    fsyncSync(this.#descriptor);
    this.#previous = hashLine(line);
    this.#seq += 1;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
