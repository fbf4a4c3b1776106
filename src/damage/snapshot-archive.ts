import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { fromBufferPromise } from "yauzl";
import { ZipFile } from "yazl";
import type { FaultContext, FaultEffect } from "../core/fault.ts";
import { describeBytes } from "./bytes.ts";

/** Changes inside a snapshot that is one zip: the archive is whole again afterwards, with checksums that are right. */

const archiveName = "snapshot.zip";
const absent = "absent";

export interface Entry {
  readonly name: string;
  readonly content: Buffer;
}

/** Every file of an archive, in order. */
export async function readArchive(bytes: Buffer): Promise<Entry[]> {
  const zip = await fromBufferPromise(bytes);
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith("/")) continue;
    entries.push({ name: entry.fileName, content: await buffer(await zip.openReadStreamPromise(entry)) });
  }
  return entries;
}

async function packArchive(entries: readonly Entry[]): Promise<Buffer> {
  const zip = new ZipFile();
  for (const { name, content } of entries) zip.addBuffer(content, name);
  zip.end();
  return await buffer(zip.outputStream);
}

/**
 * Changes one entry of the snapshot in a set, or takes it out.
 * @param choose picks the entry among all; where it picks none, nothing is changed
 * @param change new content; undefined takes the entry out
 */
export async function damageEntry(
  { setFolder }: Pick<FaultContext, "setFolder">,
  choose: (entries: readonly Entry[]) => Entry | undefined,
  change: (content: Buffer) => Buffer | undefined,
): Promise<FaultEffect[]> {
  const path = join(setFolder, archiveName);
  const entries = await readArchive(await readFile(path));
  const chosen = choose(entries);
  if (chosen === undefined) return [];
  const changed = change(chosen.content);
  const kept = entries.flatMap((entry) => {
    if (entry !== chosen) return [entry];
    return changed === undefined ? [] : [{ ...entry, content: changed }];
  });
  await writeFile(path, await packArchive(kept));
  return [
    {
      subject: `${archiveName}/${chosen.name}`,
      before: describeBytes(chosen.content),
      after: changed === undefined ? absent : describeBytes(changed),
    },
  ];
}

/** Changes one value of an entry that is a JSON object. */
export async function damageValue(
  context: Pick<FaultContext, "setFolder">,
  entryName: string,
  change: (values: Record<string, unknown>) => void,
): Promise<FaultEffect[]> {
  return await damageEntry(
    context,
    (entries) => entries.find(({ name }) => name === entryName),
    (content) => {
      const values = JSON.parse(content.toString("utf8")) as Record<string, unknown>;
      change(values);
      return Buffer.from(JSON.stringify(values, null, 2));
    },
  );
}

/**
 * Changes one column of the scheduled executions in the archive's dump, `\N` being no value.
 * @param change new value from the old one
 */
export async function damageScheduledRows(
  context: Pick<FaultContext, "setFolder">,
  column: string,
  change: (value: string) => string,
): Promise<FaultEffect[]> {
  return await damageEntry(
    context,
    (entries) => entries.find(({ name }) => name === "pg_data"),
    (content) => Buffer.from(changeScheduled(content.toString("utf8"), column, change)),
  );
}

function changeScheduled(dump: string, column: string, change: (value: string) => string): string {
  let columns: readonly string[] = [];
  const lines = dump.split("\n").map((line) => {
    const names = /^COPY \S*executions \((.*)\) FROM stdin;$/.exec(line)?.[1];
    if (names !== undefined) {
      columns = names.split(", ");
      return line;
    }
    if (line === "\\.") columns = [];
    const cells = line.split("\t");
    const [status, at] = [columns.indexOf("status"), columns.indexOf(column)];
    if (status < 0 || at < 0 || cells[status] !== "scheduled") return line;
    return cells.map((cell, index) => (index === at ? change(cell) : cell)).join("\t");
  });
  return lines.join("\n");
}

/** Sets a variable in the environment of the set's deployment, beside the compose file. */
export async function setVariable(
  { setFolder }: Pick<FaultContext, "setFolder">,
  name: string,
  value: string,
): Promise<FaultEffect[]> {
  const path = join(setFolder, "deployment/.env");
  const text = await readFile(path, "utf8");
  const others = text.split("\n").filter((line) => line !== "" && !line.startsWith(`${name}=`));
  const before = text.split("\n").find((line) => line.startsWith(`${name}=`)) ?? absent;
  await writeFile(path, [...others, `${name}=${value}`, ""].join("\n"));
  return [{ subject: `deployment/.env: ${name}`, before, after: `${name}=${value}` }];
}
