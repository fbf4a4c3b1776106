import { createHash } from "node:crypto";

/** How bytes are damaged, and how an effect is told. */

/** The same bytes with one bit of the byte at `position` turned over. */
export function flipBit(bytes: Buffer, position: number): Buffer {
  const damaged = Buffer.from(bytes);
  damaged[position] = (damaged[position] ?? 0) ^ 0x10;
  return damaged;
}

/** The first four fifths of the bytes. */
export function cutOff(bytes: Buffer): Buffer {
  return bytes.subarray(0, Math.floor(bytes.length * 0.8));
}

/** Size and digest: what a fault's effect says of a file before and after. */
export function describeBytes(bytes: Buffer): string {
  return `${bytes.length} bytes, sha256 ${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}`;
}
