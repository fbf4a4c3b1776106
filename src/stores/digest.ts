import { createHash } from "node:crypto";

/** Digests that are the same on every machine: canonical JSON, and framed sequences of bytes. */

/** JSON with the keys of every object in code-point order and without undefined members: equal content gives equal text. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalText(item ?? null)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalText(member)}`);
  return `{${members.join(",")}}`;
}

/** SHA-256 in lower-case hexadecimal. */
export function sha256Of(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** SHA-256 of the canonical JSON of a value. */
export function digestOf(value: unknown): string {
  return sha256Of(canonicalText(value));
}

/** A digest over byte strings in their order; each is preceded by its length, so that no two sequences look alike. */
export class FramedDigest {
  readonly #hash = createHash("sha256");

  add(bytes: Uint8Array): void {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    this.#hash.update(length).update(bytes);
  }

  end(): string {
    return this.#hash.digest("hex");
  }
}
