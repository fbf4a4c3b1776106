import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Artefact } from "../core/tables.ts";
import { blobs } from "../damage/files.ts";
import bucketNotEmpty from "./bucket-not-empty.ts";
import objectAttributesLost from "./object-attributes-lost.ts";
import objectBehindDeleteMarker from "./object-behind-delete-marker.ts";
import objectUndeleted from "./object-undeleted.ts";

const filesIn = (service: string) => [{ id: "files", store: "files", service }];
let setFolder = "";
beforeAll(async () => {
  setFolder = await mkdtemp(join(tmpdir(), "muster-objects-"));
});
afterAll(() => rm(setFolder, { recursive: true, force: true }));

async function held(path: string, text: string): Promise<Artefact> {
  await mkdir(dirname(join(setFolder, path)), { recursive: true });
  await writeFile(join(setFolder, path), text);
  const [bytes, sha256] = [text.length, "aa"];
  return { path, component: "files", bytes, sha256, found_bytes: bytes, found_sha256: sha256 };
}

test.each([bucketNotEmpty, objectAttributesLost, objectBehindDeleteMarker, objectUndeleted])(
  "$id fits where files are objects, and nowhere else",
  ({ fits }) => {
    expect(fits(filesIn("s3"))).toBe(true);
    expect(fits(filesIn("thehive"))).toBe(false);
  },
);

test("attributes are lost of objects and of older versions, and no byte of an object", async () => {
  const artefacts = [
    await held("files/objects/attachment/a", "hello"),
    await held("files/objects.attributes", "# file: attachment/a\nuser.etag=0x22\n"),
    await held("files/versions.attributes", "# file: aa/01J\nuser.etag=0x22\n"),
  ];
  const context = { setFolder, otherSetFolder: undefined, artefacts, components: [], pick: () => 0 };

  const effects = await objectAttributesLost.inject(context);

  expect(effects.map(({ subject }) => subject)).toEqual([
    "files/objects.attributes",
    "files/versions.attributes",
  ]);
  for (const { before, after } of effects) expect(after).not.toBe(before);
  expect(await readFile(join(setFolder, "files/objects.attributes"), "utf8")).toBe("");
  expect(await readFile(join(setFolder, "files/objects/attachment/a"), "utf8")).toBe("hello");
});

test("where no version is older there is no list to empty, and a set without lists is not changed", async () => {
  const empty = await held("files/versions.attributes", "");
  const context = { setFolder, otherSetFolder: undefined, artefacts: [empty], components: [], pick: () => 0 };
  expect(await objectAttributesLost.inject(context)).toEqual([]);
});

test("an attachment that S3 has marked as deleted is not picked: damage to it would harm nobody", async () => {
  const [served, deleted] = ["a", "b"].map((letter) => letter.repeat(64));
  const artefacts = [
    await held(`files/objects/attachment/${served}`, "served"),
    await held(`files/objects/attachment/${deleted}`, "deleted"),
    await held(
      "files/objects.attributes",
      `# file: attachment/${served}\nuser.etag=0x22\n\n# file: attachment/${deleted}\nuser.delete-marker=0x\nuser.etag=0x22\n\n`,
    ),
  ];
  expect((await blobs(artefacts, { setFolder })).map(({ path }) => path)).toEqual([
    `files/objects/attachment/${served}`,
  ]);
  expect(await blobs(artefacts, { setFolder: join(setFolder, "elsewhere") })).toHaveLength(2);
});
