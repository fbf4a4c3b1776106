import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { reportSchema } from "../src/core/report.ts";
import { machine, median } from "./measure.ts";

/**
 * The recovery times of several runs of one procedure: each phase with its median and its spread, and, where the runs are of
 * two scales, seconds for each further gigabyte of the set, carried on to a size that is asked for.
 * The interval is that of the extremes: fastest large against slowest small, and the other way round.
 * Usage: node bench/recovery.ts <gigabytes> <run folder>…; results go to bench/results/recovery.json.
 */
const [gigabytesText = "100", ...folders] = process.argv.slice(2);

interface Recovery {
  readonly drill: string;
  readonly scale: string;
  readonly seconds: number;
  readonly megabytes: number;
  readonly phases: Readonly<Record<string, number>>;
}

const connection = await (await DuckDBInstance.create(":memory:")).connect();

async function recoveryOf(folder: string): Promise<Recovery> {
  const report = reportSchema.parse(JSON.parse(await readFile(join(folder, "report.json"), "utf8")));
  const { rtoMs, phases } = report.recovery;
  if (rtoMs === null) throw new Error(`${folder}: no recovery time was measured`);
  const path = join(folder, "tables/artefacts.parquet").replaceAll("'", "''");
  const answer = await connection.runAndReadAll(`SELECT CAST(sum(bytes) AS DOUBLE) FROM '${path}'`);
  return {
    drill: report.drill,
    scale: report.scale,
    seconds: rtoMs / 1000,
    megabytes: Number(answer.getRows()[0]?.[0] ?? 0) / 1e6,
    phases: Object.fromEntries(phases.map(({ id, durationMs }) => [id, durationMs / 1000])),
  };
}

const spread = (values: readonly number[]) => ({
  median: Number(median(values).toFixed(1)),
  least: Number(Math.min(...values).toFixed(1)),
  most: Number(Math.max(...values).toFixed(1)),
});

const runs = await Promise.all(folders.map(recoveryOf));
const byScale = Map.groupBy(runs, ({ scale }) => scale);
const scales = [...byScale].map(([scale, list]) => ({
  scale,
  runs: list.length,
  megabytes: Number(median(list.map(({ megabytes }) => megabytes)).toFixed(1)),
  recovery: spread(list.map(({ seconds }) => seconds)),
  phases: Object.fromEntries(
    Object.keys(list[0]?.phases ?? {}).map((id) => [id, spread(list.map(({ phases }) => phases[id] ?? 0))]),
  ),
}));
for (const { scale, runs: count, megabytes, recovery, phases } of scales) {
  console.log(`${scale}: ${count} runs, ${megabytes} MB, recovery ${JSON.stringify(recovery)} s`);
  for (const [id, words] of Object.entries(phases)) console.log(`  ${id} ${JSON.stringify(words)}`);
}

const [small, large] = scales.toSorted((one, other) => one.megabytes - other.megabytes);
let perGigabyte;
if (small !== undefined && large !== undefined && scales.length === 2) {
  const more = (large.megabytes - small.megabytes) / 1000;
  const rate = (seconds: number) => Math.max(0, Number((seconds / more).toFixed(0)));
  perGigabyte = {
    median: rate(large.recovery.median - small.recovery.median),
    least: rate(large.recovery.least - small.recovery.most),
    most: rate(large.recovery.most - small.recovery.least),
  };
  const hours = (seconds: number) =>
    Number(((small.recovery.median + seconds * Number(gigabytesText)) / 3600).toFixed(1));
  console.log(
    `seconds per further gigabyte ${JSON.stringify(perGigabyte)}; ${gigabytesText} GB: ${hours(perGigabyte.median)} h (${hours(perGigabyte.least)} to ${hours(perGigabyte.most)})`,
  );
}
await mkdir(join(import.meta.dirname, "results"), { recursive: true });
await writeFile(
  join(import.meta.dirname, "results/recovery.json"),
  `${JSON.stringify({ at: new Date().toISOString(), machine, runs, scales, perGigabyte }, null, 1)}\n`,
);
