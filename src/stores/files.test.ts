import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import type { TreeEntry } from "../core/stack.ts";
import { describeStoreContract, type StoreUnderContract } from "./contract.ts";
import { sha256Of } from "./digest.ts";
import { crc32Of, digestTree, textOf } from "./files.ts";

async function* treeOf(folder: string): AsyncIterable<TreeEntry> {
  for (const name of await readdir(folder)) {
    const { size, mode, uid, gid } = await stat(join(folder, name));
    yield {
      path: name,
      kind: "file",
      bytes: size,
      mode: mode & 0o777,
      uid,
      gid,
      content: createReadStream(join(folder, name)),
    };
  }
}

async function* contentOf(...chunks: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

async function* silence(): AsyncIterable<never> {
  await new Promise<never>(() => undefined);
}

async function filesOnDisk(): Promise<StoreUnderContract> {
  const folder = await mkdtemp(join(tmpdir(), "muster-files-"));
  async function* observe(tree: AsyncIterable<TreeEntry>) {
    for await (const { path, sha256 } of digestTree(tree, { idleLimitMs: 100 }))
      yield { id: path, digest: sha256 };
  }
  return {
    pageRecords: 10,
    unreachableLimitMs: 2000,
    async put(records) {
      await mkdir(folder, { recursive: true });
      for (const { id, content } of records) await writeFile(join(folder, id), content);
    },
    digestOf: sha256Of,
    observe: () => observe(treeOf(folder)),
    observeUnreachable: () => observe(silence()),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

describeStoreContract("a folder of files", filesOnDisk);

test("a file that stops in the middle is a time-out, not a shorter file", async () => {
  async function* stuck(): AsyncIterable<Uint8Array> {
    yield new Uint8Array([1, 2, 3]);
    yield* silence();
  }
  async function* tree(): AsyncIterable<TreeEntry> {
    yield await Promise.resolve({
      path: "stuck",
      kind: "file" as const,
      bytes: 6,
      mode: 0o640,
      uid: 1000,
      gid: 1000,
      content: stuck(),
    });
  }
  const reading = async () => {
    for await (const _ of digestTree(tree(), { idleLimitMs: 50 }))
      throw new Error("half a file was digested");
  };
  await expect(reading()).rejects.toMatchObject({
    code: "TIMEOUT",
    message: "stuck: nothing was read for 50 ms",
  });
});

test("owner and mode are told in the form uid:gid:mode", async () => {
  async function* tree(): AsyncIterable<TreeEntry> {
    yield await Promise.resolve({
      path: "f",
      kind: "file" as const,
      bytes: 0,
      mode: 0o640,
      uid: 1000,
      gid: 999,
      content: contentOf(),
    });
  }
  const owners: string[] = [];
  for await (const { owner } of digestTree(tree())) owners.push(owner);
  expect(owners).toEqual(["1000:999:640"]);
});

test("the CRC-32 of a file does not depend on how it is cut into chunks", async () => {
  const whole = Buffer.from("SSTable größe");
  expect(await crc32Of(contentOf(whole))).toBe(String(crc32(whole)));
  expect(await crc32Of(contentOf(whole.subarray(0, 3), whole.subarray(3)))).toBe(String(crc32(whole)));
  expect(await textOf(contentOf(whole.subarray(0, 11), whole.subarray(11)))).toBe("SSTable größe");
});
