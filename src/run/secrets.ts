import { randomBytes } from "node:crypto";

/** Secrets of one run: made at first use, kept in memory and in the private deployment folder only. */
export interface Secrets {
  secret(name: string): string;
  /** Replaces every secret made so far; applied to all that goes into the journal and the evidence. */
  redact(text: string): string;
}

export function makeSecrets(): Secrets {
  const values = new Map<string, string>();
  return {
    secret(name) {
      const value = values.get(name) ?? randomBytes(18).toString("hex");
      values.set(name, value);
      return value;
    },
    redact(text) {
      let redacted = text;
      for (const [name, value] of values) redacted = redacted.replaceAll(value, `<secret ${name}>`);
      return redacted;
    },
  };
}
