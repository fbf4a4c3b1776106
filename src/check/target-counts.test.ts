import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Observation } from "../core/tables.ts";
import { sourcesOf, type TableSources } from "./sources.ts";
import { openTableWriter } from "./table-writer.ts";
import { countTarget } from "./target-counts.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "muster-test-"));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

const record = (component: string, id: string, digest: string): Observation => ({
  gate: "restored",
  component,
  kind: "case",
  id,
  digest,
  seq: 1,
  bytes: null,
});

/** @param read components that were read to the end after the restore */
async function sourcesWith(options: {
  readonly lived: readonly Observation[];
  readonly found: readonly Observation[];
  readonly read: readonly string[];
}): Promise<TableSources> {
  await using lived = await openTableWriter({ folder: join(folder, "target"), table: "observations" });
  for (const row of options.lived) await lived.append(row);
  await lived.close();
  await using found = await openTableWriter({ folder, table: "observations" });
  for (const row of options.found) await found.append(row);
  await found.close();
  await using placements = await openTableWriter({ folder, table: "placements" });
  for (const component of ["rows", "index"])
    await placements.append({ kind: "case", component, role: "store", since_gate: "baseline" });
  await placements.close();
  await using steps = await openTableWriter({ folder, table: "steps" });
  for (const component of options.read)
    await steps.append({
      phase: "observe",
      id: "restored",
      component,
      planned: null,
      position: null,
      began_at: 1,
      ended_at: 2,
      exit_code: 0,
      message: null,
    });
  await steps.close();
  const { observations } = await sourcesOf(join(folder, "target"));
  return { ...(await sourcesOf(folder)), target_records: observations };
}

test("what lived in a target is counted against what is found: kept, changed and gone", async () => {
  const sources = await sourcesWith({
    lived: [record("rows", "a", "1"), record("rows", "b", "1"), record("index", "a", "1")],
    found: [record("rows", "a", "1"), record("rows", "b", "2"), record("rows", "c", "1")],
    read: ["rows", "index"],
  });
  expect(await countTarget(sources)).toEqual([
    { component: "index", before: 1, after: 0, changed: 1 },
    { component: "rows", before: 2, after: 3, changed: 1 },
  ]);
});

test("of a component that was not read to the end nothing is counted", async () => {
  const sources = await sourcesWith({
    lived: [record("rows", "a", "1"), record("index", "a", "1")],
    found: [record("rows", "a", "1")],
    read: ["rows"],
  });
  expect(await countTarget(sources)).toEqual([{ component: "rows", before: 1, after: 1, changed: 0 }]);
});
