import type { StackHandle } from "../../core/stack.ts";
import type { Seen } from "../../core/system.ts";
import { crc32Of, textOf } from "../../stores/files.ts";
import { withIdleLimit } from "../../stores/idle-limit.ts";
import { observation } from "../../core/seen.ts";

/**
 * SSTables as files, a component of their own: a node that meets a corrupt one stops its transports, and what its files
 * say must not be lost with what it can no longer answer. It is read before the node is asked for rows.
 * What is told is the checksum of each against the one that Cassandra keeps beside it. Which SSTables there are changes
 * with every flush and compaction, so they are judged within one gate and never against another.
 * Source: cassandra.apache.org/doc, "SSTable components": Digest.crc32 holds the CRC-32 of Data.db, TOC.txt the list.
 */

const dataFolder = "/var/lib/cassandra/data/thehive";
const idleLimitMs = 60_000;
/** Files that are being written look torn; a second reading tells them from torn ones. */
const readings = 2;

interface Sstable {
  dataChecksum?: string;
  keptChecksum?: string;
  listed?: readonly string[];
  readonly present: Set<string>;
}

/** Component of a node's SSTables: `sstables` of service `cassandra`, `sstables-2` of `cassandra-2`. */
export const sstablesOf = (node: string): string => node.replace("cassandra", "sstables");
const nodeOf = (component: string): string => component.replace("sstables", "cassandra");

export async function* observeSstables(stack: StackHandle, component: string): AsyncIterable<Seen> {
  const node = nodeOf(component);
  let { folders, sstables } = await readSstables(stack, node);
  for (let reading = 1; reading < readings && [...sstables.values()].some(isSuspect); reading += 1) {
    ({ folders, sstables } = await readSstables(stack, node));
  }
  for (const folder of folders) yield observation("table-folder", folder);
  for (const [name, sstable] of sstables) {
    if (sstable.dataChecksum !== undefined)
      yield observation("sstable", name, { digest: sstable.dataChecksum });
    if (sstable.keptChecksum !== undefined)
      yield observation("sstable-digest", name, { digest: sstable.keptChecksum });
    for (const component of sstable.listed ?? []) {
      yield observation("sstable-component", `${name}-${component}`, {
        digest: sstable.present.has(component) ? "present" : "missing",
      });
    }
  }
}

function isSuspect({ dataChecksum, keptChecksum, listed, present }: Sstable): boolean {
  return dataChecksum !== keptChecksum || (listed ?? []).some((component) => !present.has(component));
}

/** Sets of files by `<table folder>/<generation>`. One small entry each; a table has tens, not thousands. */
async function readSstables(
  stack: StackHandle,
  node: string,
): Promise<{ readonly folders: ReadonlySet<string>; readonly sstables: ReadonlyMap<string, Sstable> }> {
  const folders = new Set<string>();
  const sstables = new Map<string, Sstable>();
  const foldersInTransaction = new Set<string>();
  const tree = stack.readTree(node, dataFolder);
  for await (const entry of withIdleLimit(tree, { idleLimitMs, what: dataFolder })) {
    const [folder = "", file = "", ...deeper] = entry.path.split("/");
    folders.add(folder);
    // What lies deeper are snapshots and incremental backups: copies that nothing reads.
    if (entry.kind !== "file" || deeper.length > 0) continue;
    if (file.includes("_txn_")) foldersInTransaction.add(folder);
    const [, generation, component] = /^(\w+-[^-]+-\w+)-(.+)$/.exec(file) ?? [];
    if (generation === undefined || component === undefined) continue;
    const name = `${folder}/${generation}`;
    const sstable: Sstable = sstables.get(name) ?? { present: new Set() };
    sstables.set(name, sstable);
    sstable.present.add(component);
    if (component === "Data.db") sstable.dataChecksum = await crc32Of(entry.content);
    if (component === "Digest.crc32") sstable.keptChecksum = (await textOf(entry.content)).trim();
    if (component === "TOC.txt")
      sstable.listed = (await textOf(entry.content)).split("\n").filter((line) => line !== "");
  }
  // TOC.txt is written last: a set without it, in a folder with an open transaction, is still being written.
  for (const [name, { listed }] of sstables) {
    if (listed === undefined && foldersInTransaction.has(name.split("/")[0] ?? "")) sstables.delete(name);
  }
  return { folders, sstables };
}
