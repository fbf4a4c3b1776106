import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { packZip, unpack } from "./archive.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudify-archive-"));
  await mkdir(join(folder, "source/empty"), { recursive: true });
  await writeFile(join(folder, "source/a.txt"), "some text ".repeat(1000));
});

afterEach(async () => await rm(folder, { recursive: true }));

test("what is packed comes out again, empty folders too", async () => {
  await packZip(join(folder, "source"), join(folder, "a.zip"));
  await unpack(join(folder, "a.zip"), join(folder, "target"));
  expect((await readdir(join(folder, "target"))).toSorted()).toEqual(["a.txt", "empty"]);
  expect(await readFile(join(folder, "target/a.txt"), "utf8")).toBe("some text ".repeat(1000));
});

test("a full disk is told, also where it is full before everything was read", async () => {
  await Promise.all(
    Array.from({ length: 300 }, (_, n) => writeFile(join(folder, `source/${n}.bin`), randomBytes(4000))),
  );
  await expect(packZip(join(folder, "source"), "/dev/full")).rejects.toThrow("ENOSPC");
});

test("a byte that was changed in an entry is refused", async () => {
  await packZip(join(folder, "source"), join(folder, "a.zip"));
  const bytes = await readFile(join(folder, "a.zip"));
  const content = bytes.indexOf("a.txt") + "a.txt".length + 12;
  bytes[content] = (bytes[content] ?? 0) ^ 0xff;
  await writeFile(join(folder, "bad.zip"), bytes);
  await expect(unpack(join(folder, "bad.zip"), join(folder, "target"))).rejects.toThrow();
});

test("a changed byte that leaves the length of an entry as it was is refused by its checksum", async () => {
  // Random bytes are stored nearly as they are: a flipped one unpacks to another one.
  await writeFile(join(folder, "source/b.bin"), randomBytes(4000));
  await packZip(join(folder, "source"), join(folder, "a.zip"));
  const bytes = await readFile(join(folder, "a.zip"));
  const content = bytes.indexOf("b.bin") + 2000;
  bytes[content] = (bytes[content] ?? 0) ^ 0xff;
  await writeFile(join(folder, "bad.zip"), bytes);
  await expect(unpack(join(folder, "bad.zip"), join(folder, "target"))).rejects.toThrow(
    "Bad CRC-32 for file 'b.bin'",
  );
});

test("a zip that was cut off is refused", async () => {
  await packZip(join(folder, "source"), join(folder, "a.zip"));
  const bytes = await readFile(join(folder, "a.zip"));
  await writeFile(join(folder, "cut.zip"), bytes.subarray(0, bytes.length / 2));
  await expect(unpack(join(folder, "cut.zip"), join(folder, "target"))).rejects.toThrow();
});

test("a tar.gz is unpacked, and another kind of file refused", async () => {
  const tar = pack();
  const written = pipeline(tar, createGzip(), createWriteStream(join(folder, "a.tgz")));
  tar.entry({ name: "inner/b.txt" }, "b");
  tar.finalize();
  await written;
  await unpack(join(folder, "a.tgz"), join(folder, "target"));
  expect(await readFile(join(folder, "target/inner/b.txt"), "utf8")).toBe("b");
  await expect(unpack(join(folder, "source/a.txt"), join(folder, "other"))).rejects.toThrow(
    "neither a zip nor a tar.gz",
  );
});

test("an entry that leads outside is refused", async () => {
  const tar = pack();
  const written = pipeline(tar, createGzip(), createWriteStream(join(folder, "a.tgz")));
  tar.entry({ name: "../outside.txt" }, "b");
  tar.finalize();
  await written;
  await expect(unpack(join(folder, "a.tgz"), join(folder, "target"))).rejects.toThrow("leads outside");
});
