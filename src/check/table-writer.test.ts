import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { MusterError } from "../core/errors.ts";
import { type Row, tableNames } from "../core/tables.ts";
import { openDatabase } from "./database.ts";
import { controlSources, sourcesOf } from "./sources.ts";
import { openTableWriter } from "./table-writer.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "muster-tables-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const artefact = {
  path: "a",
  component: "it's",
  bytes: 9_007_199_254_740_991,
  sha256: null,
  found_bytes: 0,
  found_sha256: "ß\n\u0000x",
};

async function writeArtefacts(into: string, rows: readonly Row<"artefacts">[], suffix?: string) {
  await using writer = await openTableWriter({
    folder: into,
    table: "artefacts",
    ...(suffix === undefined ? {} : { suffix }),
  });
  for (const row of rows) await writer.append(row);
  return await writer.close();
}

test("rows come back as they were written, also large numbers, nulls and odd text", async () => {
  const file = await writeArtefacts(folder, [artefact], "x");
  expect(file).toMatchObject({ path: join(folder, "artefacts-x.parquet"), rows: 1 });
  await using database = await openDatabase({ sources: await sourcesOf(folder) });
  expect(await database.query("SELECT * FROM artefacts", z.unknown())).toEqual([artefact]);
});

test("a table without rows gives a file with its columns, for every table", async () => {
  for (const table of tableNames) {
    await using writer = await openTableWriter({ folder, table });
    expect(await writer.close()).toMatchObject({ rows: 0 });
  }
  await using database = await openDatabase({ sources: await sourcesOf(folder) });
  for (const table of tableNames)
    expect(await database.query(`SELECT * FROM ${table}`, z.unknown())).toEqual([]);
});

test("the same rows give the same bytes", async () => {
  const rows = Array.from({ length: 5000 }, (_, index) => ({ ...artefact, path: `file-${index}` }));
  const one = await writeArtefacts(join(folder, "one"), rows);
  const other = await writeArtefacts(join(folder, "other"), rows);
  expect(other.sha256).toBe(one.sha256);
});

test("a writer that is given up leaves nothing behind", async () => {
  {
    await using writer = await openTableWriter({ folder, table: "artefacts" });
    await writer.append(artefact);
  }
  expect(await readdir(folder)).toEqual([]);
});

test("a row that does not fit is refused with the column's name", async () => {
  await using writer = await openTableWriter({ folder, table: "artefacts" });
  expect(() => writer.append({ ...artefact, bytes: 1.5 })).toThrow("artefacts does not fit: bytes: seen 1.5");
  await writer.append(artefact);
  expect(await writer.close()).toMatchObject({ rows: 1 });
});

test("a file that is no table is named", async () => {
  const file = await writeArtefacts(folder, [artefact]);
  const sources = { ...(await sourcesOf(folder)), facts: [file.path] };
  const failure = await openDatabase({ sources }).catch((thrown: unknown) => thrown);
  expect(failure).toBeInstanceOf(MusterError);
  expect(failure).toMatchObject({
    code: "BAD_RUN_FOLDER",
    message: expect.stringContaining("table facts cannot be read"),
  });
});

test("queries cannot read other files or lift that limit", async () => {
  const file = await writeArtefacts(join(folder, "elsewhere"), [artefact]);
  await using database = await openDatabase({ sources: await sourcesOf(folder) });
  await expect(database.run(`SELECT * FROM '${file.path}'`)).rejects.toThrow(/Permission Error/);
  await expect(database.run(`COPY facts TO '${folder}/stolen.csv'`)).rejects.toThrow(/Permission Error/);
  await expect(database.run("SET enable_external_access = true")).rejects.toThrow();
});

test("a control takes from the run what was before the disaster, and from its own folder what came after", async () => {
  const run = join(folder, "run");
  const control = join(folder, "control");
  const write = async (into: string, table: (typeof tableNames)[number], suffix?: string): Promise<void> => {
    await using writer = await openTableWriter({
      folder: into,
      table,
      ...(suffix === undefined ? {} : { suffix }),
    });
    await writer.close();
  };
  for (const suffix of ["seed", "baseline-probe", "after", "probe", "again"])
    await write(run, "facts", suffix);
  for (const suffix of ["probe", "again"]) await write(control, "facts", suffix);
  for (const suffix of ["baseline", "baseline-store", "restored-store"])
    await write(run, "observations", suffix);
  await write(control, "observations", "restored-store");
  // Beside the control's tables: what lived in the target when its restore began.
  await write(join(folder, "target"), "observations", "restored-store");
  for (const suffix of ["baseline", "restore", "watch-before", "watch-restored"])
    await write(run, "steps", suffix);
  for (const suffix of ["restore", "watch-restored"]) await write(control, "steps", suffix);
  for (const suffix of ["before", "restored"]) await write(run, "firings", suffix);
  await write(control, "firings", "restored");
  await write(run, "schedules", "seed");
  for (const table of ["placements", "cuts", "artefacts", "receipts"] as const) await write(run, table);
  await write(control, "artefacts");

  const sources = await controlSources(run, control);
  const short = Object.fromEntries(
    Object.entries(sources).map(([table, files]) => [
      table,
      files.map((file) => file.slice(folder.length + 1)),
    ]),
  );
  expect(short).toEqual({
    facts: [
      "run/facts-after.parquet",
      "run/facts-baseline-probe.parquet",
      "run/facts-seed.parquet",
      "control/facts-again.parquet",
      "control/facts-probe.parquet",
    ],
    placements: ["run/placements.parquet"],
    observations: [
      "run/observations-baseline-store.parquet",
      "run/observations-baseline.parquet",
      "control/observations-restored-store.parquet",
    ],
    target_records: ["target/observations-restored-store.parquet"],
    links: [],
    cuts: ["run/cuts.parquet"],
    artefacts: ["control/artefacts.parquet"],
    steps: [
      "run/steps-baseline.parquet",
      "run/steps-watch-before.parquet",
      "control/steps-restore.parquet",
      "control/steps-watch-restored.parquet",
    ],
    schedules: ["run/schedules-seed.parquet"],
    firings: ["run/firings-before.parquet", "control/firings-restored.parquet"],
    receipts: [],
  });
});
