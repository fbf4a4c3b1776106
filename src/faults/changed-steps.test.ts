import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { parseRunbook, type RunbookBlock } from "../core/runbook.ts";
import bucketNotEmpty from "./bucket-not-empty.ts";
import clockBehindTheData from "./clock-behind-the-data.ts";
import databaseNodeDown from "./database-node-down.ts";
import databaseOneCopy from "./database-one-copy.ts";
import filesMountedReadOnly from "./files-mounted-read-only.ts";
import filesNotMounted from "./files-not-mounted.ts";
import indexUnderAnotherName from "./index-under-another-name.ts";
import objectBehindDeleteMarker from "./object-behind-delete-marker.ts";
import objectUndeleted from "./object-undeleted.ts";

/** Faults that change a step by its name or its words do nothing where the document is written anew: these notice. */

async function blocksOf(name: string, part: "backup" | "restore"): Promise<readonly RunbookBlock[]> {
  const path = new URL(`../../drills/thehive/${name}.runbook.md`, import.meta.url);
  return parseRunbook(await readFile(path, "utf8"), name).blocks.filter((block) => block.part === part);
}

const changedSteps = (before: readonly RunbookBlock[], after: readonly RunbookBlock[] | undefined) =>
  before.filter(({ script }, index) => after?.[index]?.script !== script).map(({ id }) => id);

test.each([
  ["hot.hardened", "take-cut"],
  ["hot.official", "snapshot-index"],
  ["cluster.hardened", "take-cut"],
])("%s: the snapshot asks for another index, in step %s alone", async (name, step) => {
  const blocks = await blocksOf(name, "backup");
  const changed = indexUnderAnotherName.takenWith?.(blocks);

  expect(changedSteps(blocks, changed)).toEqual([step]);
  expect(changed?.find(({ id }) => id === step)?.script).toMatch(
    /\\?"indices\\?":\\?"thehive_global_of_before\\?"/,
  );
});

test.each([
  [clockBehindTheData, "hot.hardened", "restore-database"],
  [clockBehindTheData, "hot.official", "restore-database"],
  [filesMountedReadOnly, "hot.hardened", "start-application"],
  [filesMountedReadOnly, "cold.hardened", "start-application"],
  [filesNotMounted, "hot.hardened", "start-application"],
  [filesMountedReadOnly, "cold.official", "start-services"],
  [bucketNotEmpty, "hot.hardened", "restore-files"],
  [bucketNotEmpty, "hot-s3.official", "restore-files"],
  [objectBehindDeleteMarker, "hot.hardened", "restore-files"],
  [objectUndeleted, "hot.hardened", "restore-files"],
])("$id changes one step of Restore: %2$s, %3$s", async (fault, name, step) => {
  const blocks = await blocksOf(name, "restore");
  expect(changedSteps(blocks, fault.reorder?.(blocks))).toEqual([step]);
});

test.each([
  [databaseNodeDown, "one-node-holds-all"],
  [databaseOneCopy, "prepare"],
])("$id changes one step of Back up of the cluster: %2$s", async (fault, step) => {
  const blocks = await blocksOf("cluster.hardened", "backup");
  expect(changedSteps(blocks, fault.takenWith?.(blocks))).toEqual([step]);
});

test("what is mounted read-only, or not at all, is the entry that the compose file has", async () => {
  for (const name of ["compose.yaml", "compose.cluster.yaml"]) {
    const path = new URL(`../../docker/thehive/${name}`, import.meta.url);
    expect(await readFile(path, "utf8")).toMatch(/files-data:\/opt\/thp\/thehive\/files$/m);
  }
});
