import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeReports } from "../report/write.ts";
import { rehearse } from "./rehearsal.test-support.ts";
import { searchableTexts } from "./searchable.test-support.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "muster-secrets-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Every way in which a secret is known to come out: plain, in base64 after something else, and in hexadecimal text. */
function formsOf(secret: string): string[] {
  const inner = ["", "a", "ab"].map((before) =>
    Buffer.from(`${before}${secret}`).toString("base64").slice(4, -6),
  );
  return [secret, secret.slice(0, 12), secret.slice(-12), ...inner];
}

test("a secret that the application, a block, a hook and a failure let out is in none of the files of the run", async () => {
  const kept = join(folder, "token");
  const token = `$(sed 's/.*"token":"\\([0-9a-f]*\\)".*/\\1/' settings/notebook.json)`;
  const { runFolder, report } = await rehearse(folder, {
    controls: "blob-bit-flip,index-from-older-generation",
    blocks: {
      // So much is said after it that the part that is kept begins in the middle of the secret.
      "stop-notebook": `token=${token}; echo "$token"; head -c 7980 /dev/zero | tr '\\0' x; ./notebook stop`,
      "copy-rows": `cp -a data/rows "$BACKUP_DIR/rows"; printf 'Authorization: Basic %s\\n' "$(printf 'admin:%s' ${token} | base64 -w0)"`,
      "start-notebook": `./notebook start; echo "listening with ${token}" >> run/notebook.log`,
      "restore-search": `cp -a "$BACKUP_DIR/search" data/search; echo "cannot sign in with ${token}" >&2; [ -n "\${MUSTER_RUN_DIR:-}" ]`,
      "start-restored-notebook": `echo "refused with ${token}"; ./notebook start`,
    },
    hooks: [
      `after:up=sed 's/.*"token":"\\([0-9a-f]*\\)".*/\\1/' "$DEPLOYMENT_DIR/settings/notebook.json" | tee ${kept}`,
      'after:restore=cat "$DEPLOYMENT_DIR/settings/notebook.json"',
    ],
  });
  await writeReports(report, runFolder);
  const secret = (await readFile(kept, "utf8")).trim();
  expect(secret).toMatch(/^[0-9a-f]{36}$/);
  const texts = await searchableTexts(runFolder);
  // It was let out: where it stood, its name stands now.
  const names = texts.filter(({ text }) => text.includes("<secret notebook-token>")).map(({ path }) => path);
  expect(names).toEqual(
    expect.arrayContaining(["journal.jsonl", "evidence/logs/before-the-disaster/notebook.log"]),
  );
  const basic = texts.find(({ path }) => path === "journal.jsonl")?.text ?? "";
  expect(basic).toMatch(/Authorization: Basic [A-Za-z0-9+/]{0,12}<secret notebook-token>/);
  const found = formsOf(secret).flatMap((form) =>
    texts.filter(({ text }) => text.includes(form)).map(({ path }) => path),
  );
  expect(found).toEqual([]);
});

test("the search would find it, also where it is packed", async () => {
  const secret = "0123456789abcdef0123456789abcdef0123";
  const packed = await mkdtemp(join(folder, "packed-"));
  await writeFile(join(packed, "log.gz"), gzipSync(`token ${secret}`));
  await writeFile(join(packed, "log.zst"), zstdCompressSync(`token ${secret}`));
  await writeFile(join(packed, "page.html"), `<a href="data:text/plain;base64,${btoa(`token ${secret}`)}">`);
  await mkdir(join(packed, "inner"));
  await writeFile(join(packed, "inner/note"), secret);
  await promisify(execFile)("tar", ["-czf", "set.tgz", "inner"], { cwd: packed });
  await rm(join(packed, "inner"), { recursive: true });
  const texts = await searchableTexts(packed);
  const found = texts.filter(({ text }) => text.includes(secret)).map(({ path }) => path.split(":")[0]);
  expect(found.toSorted()).toEqual(["log.gz", "log.zst", "page.html", "set.tgz"]);
});
