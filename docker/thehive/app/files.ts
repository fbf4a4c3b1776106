import { createHash, randomUUID } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";

/** What TheHive keeps of a file: three hashes, of which the first names the file on disk. */
export interface ReceivedFile {
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
  readonly hashes: readonly [sha256: string, sha1: string, md5: string];
}

/** Reads an uploaded file; nothing is written yet. */
export async function receive(file: File): Promise<ReceivedFile> {
  const content = Buffer.from(await file.arrayBuffer());
  const digest = (algorithm: string) => createHash(algorithm).update(content).digest("hex");
  const contentType = file.type === "" ? "application/octet-stream" : file.type;
  return { name: file.name, contentType, content, hashes: [digest("sha256"), digest("sha1"), digest("md5")] };
}

/** Where the application keeps files, each under the SHA-256 of its content. */
export interface FileStore {
  save(file: ReceivedFile): Promise<void>;
  /** Stream of a stored file, of whatever length it has by now; undefined where it is not there. */
  open(sha256: string): Promise<Readable | undefined>;
  remove(sha256: string): Promise<void>;
}

/** Attachments as `<folder>/attachment/<sha256>`. An existing file of that name is not overwritten: content is shared. */
export class LocalFileStore implements FileStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = join(folder, "attachment");
  }

  async save({ content, hashes: [sha256] }: ReceivedFile): Promise<void> {
    const path = join(this.#folder, sha256);
    if (existsSync(path)) return;
    await mkdir(this.#folder, { recursive: true });
    const partial = `${path}.${randomUUID()}.part`;
    await writeFile(partial, content, { flush: true });
    await rename(partial, path);
  }

  open(sha256: string): Promise<Readable | undefined> {
    const path = join(this.#folder, sha256);
    const isThere = /^[0-9a-f]{64}$/.test(sha256) && existsSync(path);
    return Promise.resolve(isThere ? createReadStream(path) : undefined);
  }

  async remove(sha256: string): Promise<void> {
    await rm(join(this.#folder, sha256), { force: true });
  }
}
