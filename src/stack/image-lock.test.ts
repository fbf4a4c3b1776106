import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MusterError } from "../core/errors.ts";
import { moveChecked } from "./image-artefacts.ts";
import { ensureDigest, localTag, parseDigests, readImageLock } from "./image-lock.ts";

const emptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const otherDigest = "f".repeat(64);
let project: string;

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), "muster-lock-"));
});

afterEach(async () => {
  await rm(project, { recursive: true });
});

async function writeProjectFile(path: string, text: string): Promise<void> {
  await mkdir(join(project, path, ".."), { recursive: true });
  await writeFile(join(project, path), text);
}

async function writeImage(name: string, lock: string): Promise<void> {
  await writeProjectFile(
    `docker/images/${name}/image.lock.yaml`,
    `name: ${name}\nversion: 1.0.0\nofficial: null\nlicences: []\n${lock}`,
  );
}

async function tagOf(image: string): Promise<string> {
  return await localTag(project, await readImageLock(project, image));
}

describe("the lock file of an image", () => {
  test("every image of this repository has one that can be read", async () => {
    const repository = join(import.meta.dirname, "../..");
    const images = await readdir(join(repository, "docker/images"));
    const locks = await Promise.all(images.map(async (image) => await readImageLock(repository, image)));
    expect(locks.map(({ name }) => name)).toEqual(images);
  });

  test("a digest that is too short is refused with its place", async () => {
    await writeImage(
      "store",
      "base: bootstrap\nartefacts: [{ kind: maven, coordinate: a:b:1, sha256: abc, unpack: [] }]\n",
    );
    await expect(readImageLock(project, "store")).rejects.toMatchObject({
      code: "IMAGE_UNAVAILABLE",
      message: expect.stringContaining("docker/images/store/image.lock.yaml is wrong at artefacts.0.sha256"),
    });
  });

  test("an unknown key is refused", async () => {
    await writeImage("store", "base: bootstrap\nlicense: MIT\n");
    await expect(readImageLock(project, "store")).rejects.toBeInstanceOf(MusterError);
  });

  test("a folder without one is named", async () => {
    await expect(readImageLock(project, "nothing")).rejects.toMatchObject({
      message: "docker/images/nothing/image.lock.yaml cannot be read",
    });
  });
});

describe("the tag of a local build", () => {
  beforeEach(async () => {
    await writeImage("base", "base: bootstrap\n");
    await writeImage("store", "base: base\nsources: [{ from: app, into: app }]\n");
    await writeProjectFile("docker/images/store/Dockerfile", "ARG BASE\nFROM ${BASE}\n");
    await writeProjectFile("app/main.ts", "serve();\n");
  });

  test("names the version and stays the same while nothing changes", async () => {
    expect(await tagOf("store")).toMatch(/^localhost\/muster\/store:1\.0\.0-[0-9a-f]{12}$/);
    expect(await tagOf("store")).toBe(await tagOf("store"));
  });

  test.each([
    ["a file of its folder", "docker/images/store/Dockerfile"],
    ["a source that is copied in", "app/main.ts"],
    ["a new file below a source", "app/deep/new.ts"],
    ["a file of its base", "docker/images/base/Dockerfile"],
  ])("changes with %s", async (_what, path) => {
    const before = await tagOf("store");
    await writeProjectFile(path, "changed\n");
    expect(await tagOf("store")).not.toBe(before);
  });

  test("does not change with a test beside the sources, because none is copied", async () => {
    const before = await tagOf("store");
    await writeProjectFile("app/main.test.ts", "test();\n");
    expect(await tagOf("store")).toBe(before);
  });
});

describe("digests of what was downloaded", () => {
  test("a wrong one stops with the file and both values", () => {
    expect(() => ensureDigest("store.jar", emptyDigest, otherDigest)).toThrow(
      expect.objectContaining({
        code: "DIGEST_MISMATCH",
        message: `store.jar: expected sha256 ${emptyDigest}, downloaded sha256 ${otherDigest}`,
      }),
    );
  });

  test("lines are read as sha256sum writes them", () => {
    expect(parseDigests(`${emptyDigest}  a name.jar\n${otherDigest}  b.jar\n`)).toEqual(
      new Map([
        ["a name.jar", emptyDigest],
        ["b.jar", otherDigest],
      ]),
    );
  });

  test("a set of files goes to the cache under its digests", async () => {
    await writeProjectFile("fetched/a.jar", "");
    await mkdir(join(project, "cache"));
    await moveChecked(join(project, "fetched"), new Map([["a.jar", emptyDigest]]), join(project, "cache"));
    expect(await readdir(join(project, "cache"))).toEqual([emptyDigest]);
  });

  test("a file that no lock names is refused, and nothing is kept", async () => {
    await writeProjectFile("fetched/a.jar", "");
    await writeProjectFile("fetched/b.jar", "");
    await mkdir(join(project, "cache"));
    const moved = moveChecked(
      join(project, "fetched"),
      new Map([["a.jar", emptyDigest]]),
      join(project, "cache"),
    );
    await expect(moved).rejects.toMatchObject({
      code: "DIGEST_MISMATCH",
      message: `b.jar: expected no file of this name, downloaded sha256 ${emptyDigest}`,
    });
    expect(await readdir(join(project, "cache"))).toEqual([]);
  });

  test("a file that did not come is named", async () => {
    await mkdir(join(project, "fetched"));
    const moved = moveChecked(join(project, "fetched"), new Map([["a.jar", emptyDigest]]), project);
    await expect(moved).rejects.toMatchObject({
      code: "IMAGE_UNAVAILABLE",
      message: "expected a.jar among what was downloaded, it was not there",
    });
  });
});
