import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { acquireBuildLock } from "./image-build-lock.ts";

let folder: string;
let path: string;
const quick = { onWait: () => undefined, limitMs: 50, pollMs: 5 };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "muster-build-lock-"));
  path = join(folder, "build.lock");
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

test("the lock names its owner while it is held, and leaves nothing behind", async () => {
  {
    await using _lock = await acquireBuildLock(path, quick);
    expect(await readFile(path, "utf8")).toBe(String(process.pid));
  }
  expect(await readdir(folder)).toEqual([]);
});

test("a second build waits, says for whom, and gives up after its limit", async () => {
  await using _lock = await acquireBuildLock(path, quick);
  const owners: string[] = [];
  await expect(
    acquireBuildLock(path, { ...quick, onWait: (owner) => owners.push(owner) }),
  ).rejects.toMatchObject({
    code: "TIMEOUT",
    message: `expected the build of process ${process.pid} to end within 50 ms, it still holds ${path}`,
  });
  expect(owners).toEqual([String(process.pid)]);
});

test("a second build goes on once the first has given the lock back", async () => {
  const first = await acquireBuildLock(path, quick);
  const second = acquireBuildLock(path, { ...quick, limitMs: 5000 });
  await first[Symbol.asyncDispose]();
  await (await second)[Symbol.asyncDispose]();
  expect(await readdir(folder)).toEqual([]);
});

test("the lock of a process that is gone is taken over", async () => {
  const gone = spawnSync(process.execPath, ["--version"]).pid;
  await writeFile(path, String(gone));
  await using _lock = await acquireBuildLock(path, quick);
  expect(await readdir(folder)).toEqual(["build.lock"]);
});
