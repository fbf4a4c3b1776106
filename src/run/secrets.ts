import { randomBytes } from "node:crypto";

/** Secrets of one run: made at first use, kept in memory and in the private deployment folder only. */
export interface Secrets {
  secret(name: string): string;
  /** Replaces every secret made so far, plain or in base64; applied to all that goes into the journal and the evidence. */
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
      for (const [name, value] of values)
        for (const form of formsOf(value)) redacted = redacted.replaceAll(form, `<secret ${name}>`);
      return redacted;
    },
  };
}

/** A secret as it is, and what of it shows whichever way it lies in a longer text that is written in base64. */
function formsOf(value: string): string[] {
  const inBase64 = [0, 1, 2].map((shift) => {
    const bytes = Buffer.from(`${" ".repeat(shift)}${value}`);
    // The first and the last characters also depend on what stands before and after.
    return bytes.toString("base64").slice(Math.ceil((shift * 4) / 3), Math.floor((bytes.length * 4) / 3));
  });
  return [value, ...inBase64];
}
