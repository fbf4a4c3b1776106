import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../core/errors.ts";
import type { Report } from "../core/report.ts";
import { writeAllure } from "./allure.ts";
import { renderHtml } from "./html.ts";
import { renderJson } from "./json.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";

/**
 * Writes every format into a run folder. One that fails does not keep the others from being written.
 * @returns what failed, in words.
 */
export async function writeReports(report: Report, folder: string): Promise<string[]> {
  const writers: readonly [string, () => Promise<void>][] = [
    ["report.json", () => writeWhole(join(folder, "report.json"), renderJson(report))],
    ["report.html", () => writeWhole(join(folder, "report.html"), renderHtml(report))],
    ["report.md", () => writeWhole(join(folder, "report.md"), renderMarkdown(report))],
    ["junit.xml", () => writeWhole(join(folder, "junit.xml"), renderJunit(report))],
    ["allure-results", () => writeAllure(report, join(folder, "allure-results"))],
  ];
  const problems: string[] = [];
  for (const [name, write] of writers) {
    try {
      await write();
    } catch (thrown) {
      problems.push(`${name} could not be written: ${messageOf(thrown)}`);
    }
  }
  return problems;
}

/** A reader never meets half a file. */
async function writeWhole(path: string, text: string): Promise<void> {
  const part = `${path}.part`;
  try {
    await writeFile(part, text);
    await rename(part, path);
  } catch (thrown) {
    await rm(part, { force: true });
    throw thrown;
  }
}
