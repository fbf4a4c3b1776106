import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { MusterError, messageOf } from "../core/errors.ts";
import { type TableName, tableNames } from "../core/tables.ts";

/** Parquet files of each table; a table without files is empty. */
export type TableSources = Readonly<Record<TableName, readonly string[]>>;

/** All files `<table>.parquet` and `<table>-*.parquet` of a folder, in name order. */
export async function sourcesOf(folder: string): Promise<TableSources> {
  const names = await listFiles(folder);
  return bySource((table) => filesOf(names, table).map((name) => join(resolve(folder), name)));
}

/**
 * Tables of a control: what was written, declared and seen before the disaster comes from the run, everything that
 * happened afterwards from the control's own folder. Cuts and artefacts are the control's where it has them.
 */
export async function controlSources(runFolder: string, controlFolder: string): Promise<TableSources> {
  const run = await listFiles(runFolder);
  const control = await listFiles(controlFolder);
  const living = await recordsIn(livingTargetFolder(controlFolder));
  const fromRun = (names: readonly string[]): string[] => names.map((name) => join(resolve(runFolder), name));
  const fromControl = (names: readonly string[]): string[] =>
    names.map((name) => join(resolve(controlFolder), name));
  return bySource((table) => {
    const runFiles = filesOf(run, table);
    const controlFiles = filesOf(control, table);
    switch (table) {
      case "facts": {
        // Writes made after a restore prove something about that restore only.
        const isLater = (name: string): boolean => isOf(name, "facts-again") || isOf(name, "facts-probe");
        return [
          ...fromRun(runFiles.filter((name) => !isLater(name))),
          ...fromControl(controlFiles.filter((name) => isLater(name))),
        ];
      }
      case "placements":
      case "schedules":
        return fromRun(runFiles);
      case "observations":
      case "links":
      case "steps": {
        const isBaseline = (name: string): boolean =>
          isOf(name, `${table}-baseline`) || isOf(name, `${table}-watch-before`);
        return [
          ...fromRun(runFiles.filter((name) => isBaseline(name))),
          ...fromControl(controlFiles.filter((name) => !isBaseline(name))),
        ];
      }
      case "cuts":
      case "artefacts":
        return controlFiles.length > 0 ? fromControl(controlFiles) : fromRun(runFiles);
      case "firings":
        return [
          ...fromRun(runFiles.filter((name) => isOf(name, "firings-before"))),
          ...fromControl(controlFiles),
        ];
      case "receipts":
        return fromControl(controlFiles);
      case "target_records":
        return living;
    }
  });
}

/** Where a control keeps what its living target held, beside its tables. */
export function livingTargetFolder(controlTablesFolder: string): string {
  return join(controlTablesFolder, "..", "target");
}

/** Observations of a folder that need not be there. */
async function recordsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => isOf(name, "observations") && name.endsWith(".parquet"))
    .toSorted()
    .map((name) => join(resolve(folder), name));
}

async function listFiles(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith(".parquet")).toSorted();
  } catch (thrown) {
    throw new MusterError("BAD_RUN_FOLDER", {
      message: `${folder}: expected a folder of tables, seen: ${messageOf(thrown)}`,
      hint: "give the folder of a run, as `./muster run` wrote it",
      cause: thrown,
    });
  }
}

function isOf(name: string, stem: string): boolean {
  return name === `${stem}.parquet` || name.startsWith(`${stem}-`);
}

function filesOf(names: readonly string[], table: TableName): string[] {
  return names.filter((name) => isOf(name, table));
}

function bySource(filesOfTable: (table: TableName) => string[]): TableSources {
  const sources: Record<TableName, readonly string[]> = {
    facts: [],
    placements: [],
    observations: [],
    target_records: [],
    links: [],
    cuts: [],
    artefacts: [],
    steps: [],
    schedules: [],
    firings: [],
    receipts: [],
  };
  for (const table of tableNames) sources[table] = filesOfTable(table);
  return sources;
}
