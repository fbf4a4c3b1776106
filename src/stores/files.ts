import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { TreeEntry } from "../core/stack.ts";
import { withIdleLimit } from "./idle-limit.ts";

/** Digests of files as they stream by; no file is held in memory. */

const defaultIdleLimitMs = 60_000;

export interface FileDigest {
  readonly path: string;
  readonly kind: TreeEntry["kind"];
  readonly bytes: number;
  /** SHA-256 of the content; of nothing where the entry is no file. */
  readonly sha256: string;
  /** `uid:gid:mode`, the mode in octal. */
  readonly owner: string;
  /** As the tree gives them; undefined where it was read without. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/**
 * Reads every entry of a tree and digests the files.
 * @throws MusterError TIMEOUT when the source falls silent.
 */
export async function* digestTree(
  tree: AsyncIterable<TreeEntry>,
  options: { readonly idleLimitMs?: number } = {},
): AsyncIterable<FileDigest> {
  const idleLimitMs = options.idleLimitMs ?? defaultIdleLimitMs;
  for await (const entry of withIdleLimit(tree, { idleLimitMs, what: "file tree" })) {
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const chunk of withIdleLimit(entry.content, { idleLimitMs, what: entry.path })) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    yield {
      path: entry.path,
      kind: entry.kind,
      bytes,
      sha256: hash.digest("hex"),
      owner: `${entry.uid}:${entry.gid}:${entry.mode.toString(8)}`,
      ...(entry.attributes === undefined ? {} : { attributes: entry.attributes }),
    };
  }
}

/** CRC-32 of a file as a decimal number, the form in which Cassandra keeps it beside an SSTable. */
export async function crc32Of(content: AsyncIterable<Uint8Array>): Promise<string> {
  let value = 0;
  for await (const chunk of content) value = crc32(chunk, value);
  return String(value);
}

/** A small text file as text. */
export async function textOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
