import { expect, test } from "vitest";
import type { StackHandle, TreeEntry } from "../../core/stack.ts";
import { observeFiles } from "./observe-files.ts";

const sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"; // of "hello"

function stackWith(service: string, folder: string, paths: readonly string[]): StackHandle {
  return {
    projectName: "none",
    endpoint: () => Promise.reject(new Error("nothing runs")),
    isRunning: () => Promise.resolve(false),
    async *readTree(asked, inside): AsyncIterable<TreeEntry> {
      if (asked !== service || inside !== folder) return;
      for (const path of paths) {
        const content = (async function* () {
          yield Buffer.from("hello");
        })();
        yield { path, kind: "file", bytes: 5, mode: 0o644, uid: 1000, gid: 1000, content };
      }
    },
  };
}

async function seen(stack: StackHandle, storage: "local" | "volume" | "s3"): Promise<string[]> {
  const found: string[] = [];
  for await (const one of observeFiles(stack, storage))
    if (one.table === "observations") found.push(`${one.kind} ${one.id}`);
  return found;
}

test("attachments are found where the drill says that they live, each with its owner", async () => {
  const path = `attachment/${sha256}`;
  const expected = [`file-owner ${path}`, `blob ${sha256}`];
  expect(await seen(stackWith("thehive", "/opt/thp/thehive/files", [path]), "local")).toEqual(expected);
  expect(await seen(stackWith("thehive", "/mnt/share", [path]), "volume")).toEqual(expected);
  expect(await seen(stackWith("thehive", "/opt/thp/thehive/files", [path]), "s3")).toEqual([]);
});

test("an upload under way and folders that begin with a dot are no attachments; a file of a wrong name is one", async () => {
  const paths = [`attachment/${sha256}.1.part`, ".cut-1/x", "attachment/renamed"];
  expect(await seen(stackWith("thehive", "/opt/thp/thehive/files", paths), "local")).toEqual([
    "file-owner attachment/renamed",
    "blob renamed",
  ]);
});
