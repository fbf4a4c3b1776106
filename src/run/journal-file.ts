import { closeSync, fsyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { chainStart, hashLine, journalEntrySchema, sealLine, type NewEntry } from "../core/journal.ts";

/** Appends to `journal.jsonl`; each line is on disk before the next thing is done, so that a crash loses nothing. */
export class JournalFile {
  readonly #descriptor: number;
  readonly #redact: (text: string) => string;
  #previous = chainStart;
  #seq = 0;
  #bytes = 0;

  constructor(path: string, redact: (text: string) => string) {
    this.#descriptor = openSync(path, "wx", 0o644);
    this.#redact = redact;
  }

  append(entry: NewEntry): void {
    const whole = journalEntrySchema.parse({ seq: this.#seq, previous: this.#previous, ...entry });
    const line = this.#redact(JSON.stringify(whole));
    this.#write(line);
    this.#previous = hashLine(line);
    this.#seq += 1;
  }

  /** After the last entry of a run that came to its end. */
  seal(): void {
    this.#write(sealLine(this.#previous));
  }

  /** Whole lines only: where the disk is full, half a line would look like tampering. */
  #write(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    try {
      for (let written = 0; written < bytes.length;)
        written += writeSync(this.#descriptor, bytes, written, undefined, this.#bytes + written);
      fsyncSync(this.#descriptor);
    } catch (thrown) {
      ftruncateSync(this.#descriptor, this.#bytes);
      throw thrown;
    }
    this.#bytes += bytes.length;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
