import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readJournal } from "../src/core/journal.ts";
import { reportSchema } from "../src/core/report.ts";

/**
 * Where the time of a run went: each step, and how much of it the blocks of the runbook took. Then each control against a
 * plain restore of the same run. Usage: node bench/phases.ts <run folder>
 */
const folder = process.argv[2] ?? "";
const { entries } = readJournal(await readFile(join(folder, "journal.jsonl"), "utf8"));
let inBlocks = 0;
console.log("| Step | Seconds | In blocks of the runbook | The rest |\n|---|---:|---:|---:|");
const seconds = (ms: number) => (ms / 1000).toFixed(1);
for (const entry of entries) {
  if (entry.entry === "step-began") inBlocks = 0;
  if (entry.entry === "block") inBlocks += entry.durationMs;
  if (entry.entry === "step-ended")
    console.log(
      `| ${entry.step} | ${seconds(entry.durationMs)} | ${seconds(inBlocks)} | ${seconds(entry.durationMs - inBlocks)} |`,
    );
}
const report = reportSchema.safeParse(JSON.parse(await readFile(join(folder, "report.json"), "utf8")));
if (report.success) {
  console.log(`\nrecovery: ${seconds(report.data.recovery.rtoMs ?? NaN)} s`);
  for (const { id, outcome, gate, durationMs } of report.data.controls.list)
    console.log(`control ${id}: ${seconds(durationMs)} s, ${outcome}${gate === null ? "" : ` at ${gate}`}`);
}
