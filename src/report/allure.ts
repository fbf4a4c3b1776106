import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Report } from "../core/report.ts";
import { renderMarkdown } from "./markdown.ts";

const statusOfVerdict = { pass: "passed", fail: "failed", unknown: "broken" } as const;
const statusOfOutcome = {
  caught: "passed",
  refused: "passed",
  missed: "failed",
  misattributed: "broken",
  unknown: "broken",
} as const;

/** Allure result files: one for each invariant and control. The same run gives the same files. */
export async function writeAllure(report: Report, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "summary-attachment.md"), renderMarkdown(report));
  for (const result of [...checkResults(report), ...controlResults(report)]) {
    await writeFile(join(folder, `${result.uuid}-result.json`), `${JSON.stringify(result, null, 2)}\n`);
  }
}

type AllureResult = ReturnType<typeof baseResult>;

function checkResults(report: Report): AllureResult[] {
  return report.checks.map((check) =>
    baseResult(report, {
      id: check.id,
      name: check.title,
      suite: "invariants",
      status: statusOfVerdict[check.verdict],
      message: check.why,
      steps: check.gates.map((gate) => ({
        name: `${gate.gate}: ${gate.why}`,
        status: statusOfVerdict[gate.verdict],
        stage: "finished",
      })),
    }),
  );
}

function controlResults(report: Report): AllureResult[] {
  return report.controls.list.map((control) =>
    baseResult(report, {
      id: control.id,
      name: `${control.title}${control.sealed ? " (before the set was sealed)" : ""}`,
      suite: "controls",
      status: statusOfOutcome[control.outcome],
      message: `${control.outcome}: ${control.why}`,
      steps: control.effects.map((effect) => ({
        name: `${effect.subject}: ${effect.before} → ${effect.after}`,
        status: "passed",
        stage: "finished",
      })),
    }),
  );
}

interface Item {
  readonly id: string;
  readonly name: string;
  readonly suite: string;
  readonly status: string;
  readonly message: string;
  readonly steps: readonly { readonly name: string; readonly status: string; readonly stage: string }[];
}

function baseResult(report: Report, item: Item) {
  const fullName = `${report.drill}#${item.suite}#${item.id}`;
  return {
    uuid: uuidOf(`${report.runId} ${fullName}`),
    historyId: uuidOf(fullName),
    fullName,
    name: item.name,
    status: item.status,
    stage: "finished",
    start: Date.parse(report.startedAt),
    stop: Date.parse(report.endedAt),
    statusDetails: { message: item.message },
    steps: item.steps,
    labels: [
      { name: "epic", value: report.system },
      { name: "feature", value: report.drill },
      { name: "suite", value: item.suite },
      { name: "severity", value: "critical" },
    ],
    attachments: [{ name: "summary", source: "summary-attachment.md", type: "text/markdown" }],
  };
}

/** A name-based UUID: equal names give equal ids. */
function uuidOf(name: string): string {
  const hex = createHash("sha1").update(`muster ${name}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
