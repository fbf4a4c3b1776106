import { expect, test } from "vitest";
import type { StackHandle, TreeEntry } from "../../core/stack.ts";
import { sha256Of } from "../../stores/digest.ts";
import { observeObjects } from "./observe-objects.ts";

const hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

type Attributes = Readonly<Record<string, string>>;
interface Entry {
  readonly path: string;
  readonly attributes?: Attributes;
}

/** Files that hold "hello", on the two volumes of an S3 server. */
function stackWith(current: readonly Entry[], versions: readonly Entry[] = []): StackHandle {
  return {
    projectName: "none",
    endpoint: () => Promise.reject(new Error("nothing runs")),
    isRunning: () => Promise.resolve(false),
    async *readTree(service, folder): AsyncIterable<TreeEntry> {
      expect(service).toBe("s3");
      for (const entry of folder === "/data/thehive" ? current : versions) {
        const isFolder = entry.path === "" || entry.path.endsWith("/");
        const content = (async function* () {
          if (!isFolder) yield Buffer.from("hello");
        })();
        const kind = isFolder ? "directory" : "file";
        yield { bytes: 5, mode: 0o644, uid: 1000, gid: 1000, ...entry, kind, content };
      }
    },
  };
}

async function seen(stack: StackHandle): Promise<string[]> {
  const found: string[] = [];
  for await (const one of observeObjects(stack))
    if (one.table === "observations" && one.kind !== "file-owner")
      found.push(`${one.kind} ${one.id}: ${one.digest}`);
  return found;
}

test("an object is a blob with what S3 keeps of it; one behind a delete marker is none, though its bytes are there", async () => {
  const current = [
    { path: "", attributes: { versioning: "\u0001" } },
    { path: `attachment/${hello}`, attributes: { etag: "5d41", "content-type": "text/plain" } },
    { path: "attachment/gone", attributes: { "version-id": "01K", "delete-marker": "" } },
    { path: ".sgwtmp/x", attributes: {} },
  ];
  expect(await seen(stackWith(current))).toEqual([
    "bucket thehive: versioning enabled",
    `object ${hello}: content-type text/plain, etag 5d41`,
    `blob ${hello}: ${hello}`,
    "object gone: delete-marker, version-id 01K",
  ]);
});

test("copied without attributes, deleted objects are there again, and S3 knows nothing of any", async () => {
  const current = [
    { path: "", attributes: {} },
    { path: "attachment/gone", attributes: {} },
  ];
  expect(await seen(stackWith(current))).toEqual([
    "bucket thehive: versioning never enabled",
    "object gone: nothing",
    `blob gone: ${hello}`,
  ]);
});

test("an older version is known by the key that its folder is named after", async () => {
  const digest = sha256Of("attachment/a");
  const versions = [
    { path: `aa/bb/cc/${digest}/`, attributes: {} },
    { path: `aa/bb/cc/${digest}/01J`, attributes: { etag: "1" } },
    { path: "aa/bb/cc/unknown/null", attributes: {} },
  ];
  const current = [{ path: "attachment/a", attributes: { etag: "2" } }];
  expect(await seen(stackWith(current, versions))).toEqual([
    "object a: etag 2",
    `blob a: ${hello}`,
    `object-version a@01J: etag 1, content ${hello}`,
    "object-version key with SHA-256 unknown@null: nothing",
  ]);
});

test("a tree that was read without attributes is no evidence that there are none", async () => {
  await expect(seen(stackWith([{ path: "attachment/a" }]))).rejects.toThrow(
    "was read without its attributes",
  );
});
