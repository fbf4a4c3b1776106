import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ZipFile } from "yazl";
import {
  damageEntry,
  damageScheduledRows,
  damageValue,
  readArchive,
  setVariable,
} from "./snapshot-archive.ts";

let setFolder = "";

beforeEach(async () => {
  setFolder = await mkdtemp(join(tmpdir(), "muster-set-"));
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from('{"salt":"old","kept":1}'), "keys.json");
  zip.addBuffer(Buffer.from("rows"), "dump");
  zip.end();
  await writeFile(join(setFolder, "snapshot.zip"), await buffer(zip.outputStream));
  await mkdir(join(setFolder, "deployment"));
  await writeFile(join(setFolder, "deployment/.env"), "ONE=1\nTWO=2\n");
});

afterEach(async () => await rm(setFolder, { recursive: true }));

async function contents(): Promise<Record<string, string>> {
  const entries = await readArchive(await readFile(join(setFolder, "snapshot.zip")));
  return Object.fromEntries(entries.map(({ name, content }) => [name, content.toString()]));
}

test("one entry changes, the others stay", async () => {
  const effects = await damageEntry(
    { setFolder },
    (entries) => entries.find(({ name }) => name === "dump"),
    () => Buffer.from("rowz"),
  );
  expect(await contents()).toEqual({ "keys.json": '{"salt":"old","kept":1}', dump: "rowz" });
  expect(effects).toHaveLength(1);
  expect(effects[0]?.before).not.toBe(effects[0]?.after);
});

test("of a dump only the scheduled executions change, and of them one column", async () => {
  const dump = `COPY public.users (id, status, scheduled_for) FROM stdin;
1	scheduled	2030
\\.
COPY public.executions (id, status, scheduled_for) FROM stdin;
e1	scheduled	2030
e2	terminated	2020
\\.
`;
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(dump), "pg_data");
  zip.end();
  await writeFile(join(setFolder, "snapshot.zip"), await buffer(zip.outputStream));
  const effects = await damageScheduledRows({ setFolder }, "scheduled_for", () => "\\N");
  expect(await contents()).toEqual({ pg_data: dump.replace("e1	scheduled	2030", "e1	scheduled	\\N") });
  expect(effects).toHaveLength(1);
  const none = await damageScheduledRows({ setFolder }, "no_such_column", () => "x");
  expect(none.every(({ before, after }) => before === after)).toBe(true);
});

test("an entry is taken out, and says so", async () => {
  const effects = await damageEntry(
    { setFolder },
    ([first]) => first,
    () => undefined,
  );
  expect(await contents()).toEqual({ dump: "rows" });
  expect(effects).toMatchObject([{ subject: "snapshot.zip/keys.json", after: "absent" }]);
});

test("where there is nothing to damage nothing is changed, and no effect is claimed", async () => {
  const before = await readFile(join(setFolder, "snapshot.zip"));
  expect(
    await damageEntry(
      { setFolder },
      () => undefined,
      (content) => content,
    ),
  ).toEqual([]);
  expect(await readFile(join(setFolder, "snapshot.zip"))).toEqual(before);
});

test("one value of an entry changes", async () => {
  await damageValue({ setFolder }, "keys.json", (values) => (values["salt"] = "new"));
  expect(JSON.parse((await contents())["keys.json"] ?? "")).toEqual({ salt: "new", kept: 1 });
});

test("a variable of the deployment is set once", async () => {
  const effects = await setVariable({ setFolder }, "TWO", "3");
  expect(await readFile(join(setFolder, "deployment/.env"), "utf8")).toBe("ONE=1\nTWO=3\n");
  expect(effects).toEqual([{ subject: "deployment/.env: TWO", before: "TWO=2", after: "TWO=3" }]);
});
