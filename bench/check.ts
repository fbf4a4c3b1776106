import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeRunFolder } from "./check-folder.ts";
import { machine, measure, median, type Measurement } from "./measure.ts";

/**
 * `./muster check` with every invariant against the bare joins, on generated tables, in alternating pairs.
 * Usage: node bench/check.ts [pairs [rows…]]; results go to bench/results/check.json.
 */
const project = join(import.meta.dirname, "..");
const [pairsText = "3", ...rowsText] = process.argv.slice(2);
const sizes = rowsText.length === 0 ? [1e5, 1e6, 1e7] : rowsText.map(Number);
const folder = await mkdtemp(join(tmpdir(), "muster-bench-check-"));
const muster = join(project, "muster");
await measure([muster, "run", "tutorial/cold", "--controls", "none", "--quiet", "--report", folder], {
  cwd: project,
});
const base = join(folder, "tutorial/cold", (await readdir(join(folder, "tutorial/cold")))[0] ?? "");

const results: { rows: number; pairs: { check: Measurement; joins: Measurement }[] }[] = [];
for (const rows of sizes) {
  const run = join(folder, `run-${rows}`);
  await makeRunFolder(base, run, rows);
  const pairs: { check: Measurement; joins: Measurement }[] = [];
  for (let pair = 0; pair < Number(pairsText); pair += 1) {
    const check = await measure([muster, "check", run, "--json"], { cwd: project });
    const joins = await measure(
      [process.execPath, join(import.meta.dirname, "bare-joins.ts"), join(run, "tables")],
      {
        cwd: project,
      },
    );
    if (check.exitCode !== 0 || joins.exitCode !== 0)
      throw new Error(`check ended with ${check.exitCode}, the joins with ${joins.exitCode}`);
    pairs.push({ check, joins });
    console.log(rows, JSON.stringify(pairs.at(-1)));
  }
  results.push({ rows, pairs });
  await rm(run, { recursive: true });
}
await mkdir(join(import.meta.dirname, "results"), { recursive: true });
await writeFile(
  join(import.meta.dirname, "results/check.json"),
  `${JSON.stringify({ at: new Date().toISOString(), machine, results }, null, 1)}\n`,
);
for (const { rows, pairs } of results) {
  const of = (which: "check" | "joins", what: "seconds" | "cpuSeconds" | "residentMegabytes") =>
    median(pairs.map((pair) => pair[which][what]));
  console.log(
    `| ${rows} | ${of("check", "seconds")} | ${of("joins", "seconds")} | ${(of("check", "seconds") / of("joins", "seconds")).toFixed(2)} | ${of("check", "cpuSeconds")} | ${of("joins", "cpuSeconds")} | ${of("check", "residentMegabytes")} | ${of("joins", "residentMegabytes")} |`,
  );
}
await rm(folder, { recursive: true });
