import { readFile, readdir, writeFile } from "node:fs/promises";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { reportSchema } from "../src/core/report.ts";

/**
 * What a snapshot and its restore took, by the manager's own log and by the step of the runbook, which waits for it with the
 * client, and how late executions were: from runs of `cloudify/many` and `cloudify/blueprints` at several scales. Of a long
 * log the evidence keeps the last 5,000 lines; what is not in them is null.
 * Usage: node bench/cloudify-scale.ts <run folder…>; writes bench/results/cloudify-scale.json and prints the table.
 */
const line = /^\S+ (\S+) (?:REST (PUT) \/api\/v3\.1\/snapshots\/([^/ ]+) 201|(?:DEBUG|INFO) \[\S+\] (.+))/;
const runs = await Promise.all(process.argv.slice(2).map(async (folder) => await measure(folder)));

async function measure(folder: string) {
  const report = reportSchema.parse(JSON.parse(await readFile(join(folder, "report.json"), "utf8")));
  const before = await managerLog(join(folder, "evidence/logs/before-the-disaster"));
  const after = await managerLog(join(folder, "evidence/logs/end"));
  const steps = after.filter(({ words }) => words.startsWith("restore step "));
  const restoredAt = after.find(({ words }) => /^Snapshot \S+ restored$/.test(words))?.at ?? NaN;
  const snapshotMs =
    (before.find(({ words }) => /^Snapshot \S+ created$/.test(words))?.at ?? NaN) -
    (before.find(({ words }) => words.startsWith("asked for "))?.at ?? NaN);
  const stepMs = (id: string) => report.steps.find((step) => step.id === id)?.durationMs ?? null;
  const baseline = (kind: string) =>
    report.counts.find((count) => count.component === "database" && count.kind === kind)?.baseline ?? null;
  return {
    ...{ drill: report.drill, scale: report.scale, result: report.result, startedAt: report.startedAt },
    ...{ blueprints: baseline("blueprint"), scheduledRows: baseline("scheduled-row"), snapshotMs },
    ...{ createStepMs: stepMs("create-snapshot"), restoreStepMs: stepMs("restore-snapshot") },
    restoreMs: restoredAt - (steps[0]?.at ?? NaN),
    stepsMs: Object.fromEntries(
      steps.map(({ at, words }, index) => [
        words.replace("restore step ", ""),
        (steps[index + 1]?.at ?? restoredAt) - at,
      ]),
    ),
    ...{ recoveryMs: report.recovery.rtoMs, schedules: report.schedules.length, lateness: report.lateness },
  };
}

async function managerLog(folder: string): Promise<{ at: number; words: string }[]> {
  const name = (await readdir(folder)).find((file) => file.endsWith("-manager-1.log")) ?? "";
  return (await readFile(join(folder, name), "utf8")).split("\n").flatMap((text) => {
    const [, at = "", put, id, words] = line.exec(text) ?? [];
    if (at === "") return [];
    return [{ at: Date.parse(at), words: put === undefined ? (words ?? "") : `asked for ${id}` }];
  });
}

const machine = {
  ...{ processors: cpus().length, model: cpus()[0]?.model, memoryGigabytes: Math.round(totalmem() / 1e9) },
  ...{ node: process.version, loadAtTheEnd: loadavg()[0] },
};
const text = JSON.stringify({ at: new Date().toISOString(), machine, runs }, null, 2);
await writeFile(join(import.meta.dirname, "results/cloudify-scale.json"), `${text}\n`);
const seconds = (milliseconds: number | null) =>
  milliseconds === null || Number.isNaN(milliseconds) ? "–" : (milliseconds / 1000).toFixed(1);
console.log(
  "| Drill | Scale | Blueprints | Waiting rows | Snapshot, s | Restore, s | of it schedules, s | Step create-snapshot, s | Step restore-snapshot, s | Recovery, s |",
);
console.log("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|");
for (const run of runs) {
  const { drill, scale, blueprints, scheduledRows, snapshotMs, restoreMs, stepsMs, recoveryMs } = run;
  const { createStepMs, restoreStepMs } = run;
  console.log(
    `| ${drill} | ${scale} | ${blueprints} | ${scheduledRows} | ${seconds(snapshotMs)} | ${seconds(restoreMs)} | ${seconds(stepsMs["scheduled-executions"] ?? null)} | ${seconds(createStepMs)} | ${seconds(restoreStepMs)} | ${seconds(recoveryMs)} |`,
  );
}
