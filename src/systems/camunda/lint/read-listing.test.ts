import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { verdictOfLint, verdictOfSet } from "../../../core/set-lint.ts";
import { lintCamundaSets } from "./lint-set.ts";
import { findingsOf } from "./sample-listing.ts";

const listings = fileURLToPath(new URL("../../../../fixtures/camunda/listings/", import.meta.url));

describe("listings on disk", () => {
  const lintFixture = (name: string) => lintCamundaSets([join(listings, name)]);

  test("two whole sets are restorable, each with all that it holds", async () => {
    const lint = await lintFixture("good");
    expect(lint.sets.map((set) => [set.id, verdictOfSet(set)])).toEqual([
      ["100", "restorable"],
      ["101", "restorable"],
    ]);
    expect(lint.sets[1]?.components).toEqual([
      { component: "operate", held: "6/6" },
      { component: "tasklist", held: "6/6" },
      { component: "zeebe-records", held: "1/1" },
      { component: "zeebe", held: "2/2" },
    ]);
    expect(lint.notes).toEqual([]);
  });

  test("what 8.6.0 itself wrote under load is restorable: seconds and small letters in its manifests", async () => {
    const lint = await lintFixture("observed");
    expect(findingsOf(lint, "1795263088")).toEqual([]);
    expect(lint.sets.map((set) => [set.id, verdictOfSet(set)])).toEqual([["1795263088", "restorable"]]);
    expect(lint.sets[0]?.components).toContainEqual({ component: "optimize", held: "2/2" });
  });

  test("a missing part and segments that are gone under a COMPLETED manifest are named, and the older set stays", async () => {
    const lint = await lintFixture("newest-broken");
    expect(verdictOfLint(lint)).toBe("not-restorable");
    expect(findingsOf(lint, "100")).toEqual([]);
    expect(findingsOf(lint, "101")).toEqual([
      "camunda_operate_101_8.6.0_part_2_of_6: missing",
      "2/101/0/segments/raft-partition-partition-2-1.log: named in the manifest, not in the store",
    ]);
  });

  test("snapshots begun after the brokers' backup are each named with both times", async () => {
    const findings = findingsOf(await lintFixture("brokers-first"), "100");
    expect(findings).toHaveLength(13);
    expect(findings[0]).toBe(
      "camunda_operate_100_8.6.0_part_1_of_6: begun 2026-11-02T10:00:00.000Z, after partition 1 at 2026-11-02T09:59:40.030Z",
    );
  });

  test("many faults of one set are all told", async () => {
    const lint = await lintFixture("many-faults");
    expect(findingsOf(lint, "100")).toEqual([
      "zeebe-records: no snapshot of it is in the repository",
      "camunda_operate_100_8.6.0_part_1_of_6: its state is PARTIAL",
      "camunda_operate_100_8.6.0_part_1_of_6: 1 of its shards failed",
      "1/100/0/manifest.json: its status is FAILED (Leader changed while the backup was taken), not COMPLETED",
      "partition 2: nothing of 2/100/ is in the backup store",
      "versions: are not one: operate 8.6.0, tasklist 8.6.0, tasklist 8.6.1, partition 1 8.6.0",
    ]);
    expect(lint.notes).toEqual(["not part of any set by their names: nightly-2026.11.02"]);
  });

  test("ids that went apart are told, and do not spoil the whole set between them", async () => {
    const lint = await lintFixture("ids-apart");
    expect(lint.sets.map((set) => [set.id, verdictOfSet(set)])).toEqual([
      ["50", "not-restorable"],
      ["100", "restorable"],
      ["300", "not-restorable"],
    ]);
    expect(lint.notes).toEqual([
      "id 50 exists in operate only",
      "id 300 exists in operate only",
      "operate took id 50 after the higher id 100: ids must grow with time",
    ]);
  });

  test("without the manifests' text, and without any set, it cannot be told", async () => {
    expect(verdictOfLint(await lintFixture("manifests-not-given"))).toBe("unknown");
    expect(verdictOfLint(await lintFixture("empty"))).toBe("unknown");
  });
});

describe("forms of a listing", () => {
  let folder = "";
  const good = join(listings, "good");
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "muster-lint-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function withStore(name: string, store: string): Promise<string> {
    const made = join(folder, name);
    await cp(good, made, { recursive: true });
    await writeFile(join(made, "store.json"), store);
    return made;
  }
  const rowsOfGood = async () =>
    z
      .array(z.object({ key: z.string(), size: z.number() }))
      .parse(JSON.parse(await readFile(join(good, "store.json"), "utf8")));

  /** The bucket as a tree of files; from 8.9 manifests and contents lie apart. */
  async function copyBucket(store: string, place: (key: string) => string): Promise<void> {
    for (const { key } of await rowsOfGood()) {
      const path = join(store, place(key));
      await mkdir(dirname(path), { recursive: true });
      if (key.endsWith("manifest.json")) await cp(join(good, "manifests", key), path);
      else await writeFile(path, "content");
    }
  }

  test.each([
    ["as 8.6 lays it out", (key: string) => key],
    ["below a base path", (key: string) => `production/${key}`],
    [
      "as 8.9 lays it out",
      (key: string) => `${key.endsWith("manifest.json") ? "manifests" : "contents"}/${key}`,
    ],
  ])("a copied bucket is read %s", async (title, place) => {
    const made = join(folder, title.replaceAll(" ", "-"));
    await copyBucket(join(made, "store"), place);
    await cp(join(good, "snapshots.json"), join(made, "snapshots.json"));
    expect(verdictOfLint(await lintCamundaSets([made]))).toBe("restorable");
    await writeFile(join(made, "store", place("1/101/0/segments/raft-partition-partition-1-1.log")), "");
    expect(findingsOf(await lintCamundaSets([made]), "101")).toEqual([
      "1/101/0/segments/raft-partition-partition-1-1.log: is empty",
    ]);
    await writeFile(join(made, "store", place("2/101/0/manifest.json")), '{"statusCode":');
    expect(findingsOf(await lintCamundaSets([made]), "101")[1]).toContain(
      "2/101/0/manifest.json: cannot be read",
    );
  });

  test("the answer of the S3 client is taken as it is, and so are files given one by one", async () => {
    const rows = await rowsOfGood();
    const made = await withStore(
      "s3",
      JSON.stringify({ Contents: rows.map(({ key, size }) => ({ Key: key, Size: size, ETag: "x" })) }),
    );
    const parts = ["snapshots.json", "store.json", "manifests"].map((name) => join(made, name));
    expect(verdictOfLint(await lintCamundaSets(parts))).toBe("restorable");
  });

  test("what cannot be read is bad input, with the file and the field", async () => {
    const made = await withStore("bad", '[{"key":"1/100/0/manifest.json"}]');
    await expect(lintCamundaSets([made])).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
    await expect(lintCamundaSets([made])).rejects.toThrow(/store\.json: /);
    await expect(lintCamundaSets([join(made, "nowhere")])).rejects.toThrow("cannot be read");
    await expect(lintCamundaSets([folder])).rejects.toThrow("has no snapshots.json");
    await writeFile(join(made, "snapshots.json"), '{"snapshots":[],"total":9,"remaining":9}');
    await expect(lintCamundaSets([made])).rejects.toThrow("is one page of the listing");
    await writeFile(join(made, "snapshots.json"), '{"snapshots":[]}');
    await writeFile(join(made, "expect.json"), '{"partition":3}');
    await writeFile(join(made, "store.json"), "[]");
    await expect(lintCamundaSets([made])).rejects.toThrow("expect.json");
  });
});
