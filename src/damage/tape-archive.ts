import { flipBit } from "./bytes.ts";

/** Damage inside a tape archive (tar), which keeps no checksum of what it holds: it is unpacked without a word. */

const blockBytes = 512;

interface Member {
  readonly name: string;
  readonly at: number;
  readonly bytes: number;
}

/** Members in their order. Source: POSIX ustar: a header of 512 bytes, name at 0, size in octal digits at 124, prefix at 345. */
export function* membersOf(archive: Buffer): Iterable<Member> {
  const text = (from: number, length: number) =>
    archive.toString("latin1", from, from + length).replace(/\0.*$/s, "");
  for (let at = 0; at + blockBytes <= archive.length && archive[at] !== 0;) {
    const bytes = Number.parseInt(text(at + 124, 12).trim() || "0", 8);
    const prefix = text(at + 257, 5) === "ustar" && archive[at + 262] === 0 ? text(at + 345, 155) : "";
    yield { name: [prefix, text(at, 100)].filter(Boolean).join("/"), at: at + blockBytes, bytes };
    at += blockBytes + Math.ceil(bytes / blockBytes) * blockBytes;
  }
}

/** Flips one bit in the middle of the largest member that matches. @returns the same bytes where none does */
export function flipBitOfMember(archive: Buffer, pattern: RegExp): Buffer {
  const [largest] = [...membersOf(archive)]
    .filter(({ name }) => pattern.test(name))
    .toSorted((left, right) => right.bytes - left.bytes);
  return largest === undefined ? archive : flipBit(archive, largest.at + Math.floor(largest.bytes / 2));
}
