import { createHash, randomUUID } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";

/** What TheHive keeps of a file: three hashes, of which the first names the file on disk. */
export interface StoredFile {
  readonly name: string;
  readonly contentType: string;
  readonly size: number;
  readonly hashes: readonly [sha256: string, sha1: string, md5: string];
}

/** Attachments as `<folder>/attachment/<sha256>`. An existing file of that name is not overwritten: content is shared. */
export class FileStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = join(folder, "attachment");
  }

  /** Saves the content before any row points at it. */
  async save(file: File): Promise<StoredFile> {
    const content = Buffer.from(await file.arrayBuffer());
    const [sha256, sha1, md5] = ["sha256", "sha1", "md5"].map((algorithm) =>
      createHash(algorithm).update(content).digest("hex"),
    );
    const path = join(this.#folder, sha256 ?? "");
    await mkdir(this.#folder, { recursive: true });
    if (!existsSync(path)) {
      const partial = `${path}.${randomUUID()}.part`;
      await writeFile(partial, content, { flush: true });
      await rename(partial, path);
    }
    return {
      name: file.name,
      contentType: file.type || "application/octet-stream",
      size: content.length,
      hashes: [sha256 ?? "", sha1 ?? "", md5 ?? ""],
    };
  }

  /** Stream of a stored file; undefined where it is not there. */
  open(sha256: string): Readable | undefined {
    const path = join(this.#folder, sha256);
    return /^[0-9a-f]{64}$/.test(sha256) && existsSync(path) ? createReadStream(path) : undefined;
  }

  async remove(sha256: string): Promise<void> {
    await rm(join(this.#folder, sha256), { force: true });
  }
}
