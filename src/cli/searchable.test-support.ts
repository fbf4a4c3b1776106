import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { z } from "zod";
import { openDatabase } from "../check/database.ts";
import { sourcesOf } from "../check/sources.ts";

/** For tests: everything that a folder says, also where it is packed, so that a secret in it would be found. */
export interface Searchable {
  readonly path: string;
  readonly text: string;
}

export async function searchableTexts(folder: string): Promise<Searchable[]> {
  const texts: Searchable[] = [];
  for (const path of await readdir(folder, { recursive: true })) {
    const kind = await stat(join(folder, path));
    if (kind.isDirectory() && path.endsWith("tables")) texts.push(...(await textsOfTables(folder, path)));
    if (kind.isFile()) texts.push(...(await textsOf(path, await readFile(join(folder, path)))));
  }
  return texts;
}

/** Tables are compressed, so that a search of their bytes would find nothing. */
async function textsOfTables(folder: string, path: string): Promise<Searchable[]> {
  await using database = await openDatabase({ sources: await sourcesOf(join(folder, path)) });
  const texts: Searchable[] = [];
  for (const table of database.relations) {
    const rows = await database.query(
      `SELECT CAST(t AS VARCHAR) AS text FROM ${table} t`,
      z.object({ text: z.string() }),
    );
    texts.push({ path: `${path}/${table}`, text: rows.map(({ text }) => text).join("\n") });
  }
  return texts;
}

/** A file as it lies there, and what is packed in it; a tar needs no unpacking to be searched. */
async function textsOf(path: string, bytes: Buffer): Promise<Searchable[]> {
  const texts = [{ path, text: bytes.toString("latin1") }];
  const magic = bytes.subarray(0, 4).toString("hex");
  if (magic.startsWith("1f8b")) texts.push(...(await textsOf(`${path}:gunzip`, gunzipSync(bytes))));
  if (magic === "28b52ffd") texts.push(...(await textsOf(`${path}:zstd`, zstdDecompressSync(bytes))));
  // A run makes none today; one that begins to must be searched too.
  if (magic === "504b0304") throw new Error(`${path} is a zip archive, which nobody searches`);
  for (const [, packed = ""] of (texts[0]?.text ?? "").matchAll(/;base64,([A-Za-z0-9+/=]+)/g))
    texts.push(...(await textsOf(`${path}:base64`, Buffer.from(packed, "base64"))));
  return texts;
}
