import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { exitStatus } from "../core/errors.ts";
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
  const changed = [...damage, ...(await reportDamage(folder, renderJson(report)))];
  if (options.json === true) process.stdout.write(renderJson(report));
  else process.stdout.write(renderText(report, { color: process.stdout.isTTY, runFolder: run }));
  if (changed.length === 0) return statusOf(report);
  process.stderr.write(
    `muster: this folder is not what the run left:\n${changed.map((line) => `  ${line}`).join("\n")}\n`,
  );
  return exitStatus.notVerified;
}

async function reportDamage(folder: string, expected: string): Promise<string[]> {
  const path = join(folder, "report.json");
  if (!existsSync(path)) return [];
  return (await readFile(path, "utf8")) === expected
    ? []
    : ["report.json: does not say what the evidence says"];
}
