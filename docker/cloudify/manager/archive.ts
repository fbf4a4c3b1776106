import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, stat } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { crc32, createGunzip } from "node:zlib";
import { extract as extractTar } from "tar-stream";
import { openPromise } from "yauzl";
import { ZipFile } from "yazl";
import { badParameters } from "./errors.ts";

const zipMagic = "504b";
const gzipMagic = "1f8b";

/** Unpacks a zip or a tar.gz into a folder. @throws ApiError 400 for another kind of file, or an entry that leads outside */
export async function unpack(archive: string, into: string): Promise<void> {
  await mkdir(into, { recursive: true });
  const magic = await firstBytes(archive);
  if (magic === zipMagic) return await unpackZip(archive, into);
  if (magic === gzipMagic) return await unpackTarGz(archive, into);
  throw badParameters(`the archive is neither a zip nor a tar.gz (it begins with ${magic || "nothing"})`);
}

export async function isZip(path: string): Promise<boolean> {
  return (await firstBytes(path)) === zipMagic;
}

async function firstBytes(path: string): Promise<string> {
  for await (const chunk of createReadStream(path, { end: 1 })) return (chunk as Buffer).toString("hex");
  return "";
}

async function unpackZip(archive: string, into: string): Promise<void> {
  const zip = await openPromise(archive);
  try {
    for await (const entry of zip.eachEntry()) {
      const target = inside(into, entry.fileName);
      if (entry.fileName.endsWith("/")) {
        await mkdir(target, { recursive: true });
        continue;
      }
      await mkdir(dirname(target), { recursive: true });
      const checked = checking(entry.fileName, entry.crc32);
      await pipeline(await zip.openReadStreamPromise(entry), checked, createWriteStream(target));
    }
  } finally {
    zip.close();
  }
}

/** The reader looks at lengths only. @throws Error where the content is not what was packed */
function checking(name: string, expected: number) {
  return async function* check(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let actual = 0;
    for await (const chunk of chunks) {
      actual = crc32(chunk, actual);
      yield chunk;
    }
    if (actual !== expected) throw new Error(`Bad CRC-32 for file '${name}'`);
  };
}

async function unpackTarGz(archive: string, into: string): Promise<void> {
  const reader = extractTar();
  const reading = pipeline(createReadStream(archive), createGunzip(), reader);
  // Where an entry is refused the reader is left in the midst, which is no failure of its own.
  reading.catch(() => undefined);
  for await (const entry of reader) {
    const target = inside(into, entry.header.name);
    if (entry.header.type === "file") {
      await mkdir(dirname(target), { recursive: true });
      await pipeline(entry, createWriteStream(target));
    } else {
      if (entry.header.type === "directory") await mkdir(target, { recursive: true });
      entry.resume();
    }
  }
  await reading;
}

function inside(folder: string, path: string): string {
  const target = resolve(folder, path);
  if (target === resolve(folder) || target.startsWith(resolve(folder) + sep)) return target;
  throw badParameters(`an entry of the archive leads outside: ${path}`);
}

/** Packs a folder with its empty folders; entries stand in the order of their names. @throws Error of the disk, such as ENOSPC */
export async function packZip(folder: string, archive: string): Promise<void> {
  const zip = new ZipFile();
  const written = pipeline(zip.outputStream, createWriteStream(archive));
  // A disk that is full says so while entries are still being added; it is told by the await below.
  written.catch(() => undefined);
  for (const path of (await readdir(folder, { recursive: true })).toSorted()) {
    const full = join(folder, path);
    const entry = relative(folder, full).split(sep).join("/");
    if ((await stat(full)).isDirectory()) zip.addEmptyDirectory(entry);
    else zip.addFile(full, entry);
  }
  zip.end();
  await written;
}
