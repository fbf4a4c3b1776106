import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { exitStatus } from "../core/errors.ts";
import type { Report } from "../core/report.ts";
import { concludeRun } from "../run/conclude.ts";
import { renderJson } from "../report/json.ts";
import { renderText } from "../report/text.ts";
import { statusOf } from "./run.ts";

/**
 * Judges a run folder again, from its evidence alone. Whatever was changed since the run is named, and the report that
 * lies there must be the one that the evidence gives.
 */
export async function checkCommand(run: string, options: { readonly json?: boolean }): Promise<number> {
  const folder = resolve(run);
  const { report, damage } = await concludeRun(folder);
  const changed = [...damage, ...(await reportDamage(folder, report))];
  if (options.json === true) process.stdout.write(renderJson(report));
  else process.stdout.write(renderText(report, { color: process.stdout.isTTY, runFolder: run }));
  if (changed.length === 0) return statusOf(report);
  process.stderr.write(
    `muster: this folder is not what the run left:\n${changed.map((line) => `  ${line}`).join("\n")}\n`,
  );
  return exitStatus.notVerified;
}

async function reportDamage(folder: string, report: Report): Promise<string[]> {
  const text = await readFile(join(folder, "report.json"), "utf8").catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === "ENOENT") return undefined;
    throw thrown;
  });
  if (text === undefined || text === renderJson(report)) return [];
  return [...linesMissing(text, report), "report.json: does not say what the evidence says"];
}

/** Lines cut off the end of a journal look like a run that was killed; but a killed run has left no report. */
function linesMissing(text: string, report: Report): string[] {
  const counted = z.object({ journal: z.object({ entries: z.int() }) }).safeParse(parseJson(text));
  const { entries } = report.journal;
  return counted.success && counted.data.journal.entries > entries
    ? [
        `journal line ${entries + 1}: is missing, report.json was made from ${counted.data.journal.entries} lines`,
      ]
    : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // An edited report need not be JSON any more; that it was edited is told all the same.
  }
}
