import { createHash } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Report } from "../core/report.ts";
import { renderMarkdown } from "./markdown.ts";
import { attachEvidence, type Attachment } from "./allure-evidence.ts";
import { limitsOf, oneLine, resultWords, visible } from "./words.ts";

/** Steps listed for one check: the report has them all. */
const shownFindings = 20;

const statusOfVerdict = { pass: "passed", fail: "failed", unknown: "broken" } as const;
const statusOfOutcome = {
  caught: "passed",
  refused: "passed",
  harmless: "passed",
  missed: "failed",
  misattributed: "failed",
  unknown: "broken",
} as const;

/**
 * Allure 2 result files: one for the run with its steps and evidence, one for each invariant and control. The same run
 * gives the same files. They are made beside the folder, which stands in the run's, and moved into its place whole.
 */
export async function writeAllure(report: Report, folder: string): Promise<void> {
  const part = `${folder}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  await writeFile(join(part, summaryFile), renderMarkdown(report));
  const evidence = await attachEvidence(report, { runFolder: dirname(folder), folder: part });
  for (const result of [runResult(report, evidence), ...checkResults(report), ...controlResults(report)]) {
    await writeFile(join(part, `${result.uuid}-result.json`), `${JSON.stringify(result, null, 2)}\n`);
  }
  await rm(folder, { recursive: true, force: true });
  await rename(part, folder);
}

const summaryFile = "summary-attachment.md";

/** The run as a whole: the steps in the order of doing, then those that were not begun. */
function runResult(report: Report, evidence: readonly Attachment[]): AllureResult {
  const began = report.steps.flatMap((one) =>
    one.beganAt === null ? [] : [{ ...one, beganAt: one.beganAt }],
  );
  const result = baseResult(report, {
    id: "result",
    name: `${report.drill} is verified`,
    suite: "run",
    status: { verified: "passed", "not-verified": "failed", inconclusive: "broken" }[report.result],
    severity: "blocker",
    message: `${resultWords[report.result]}: ${report.because}`,
    trace: limitsOf(report)
      .map(({ text }) => `not proven: ${text}`)
      .join("\n"),
    steps: [
      ...began
        .toSorted((left, right) => left.beganAt - right.beganAt)
        .map((one) => ({
          ...step(`${one.phase}: ${one.id} (${one.component})`, statusOfExit(one.exitCode)),
          start: one.beganAt,
          stop: one.beganAt + (one.durationMs ?? 0),
        })),
      ...report.steps
        .filter(({ beganAt }) => beganAt === null)
        .map(({ phase, id, component }) => step(`${phase}: ${id} (${component}): not begun`, "skipped")),
    ],
  });
  return { ...result, attachments: [...result.attachments, ...evidence] };
}

function statusOfExit(exitCode: number | null): string {
  return exitCode === null ? "broken" : exitCode === 0 ? "passed" : "failed";
}

type AllureResult = Omit<ReturnType<typeof baseResult>, "attachments"> & {
  readonly attachments: readonly Attachment[];
};

function checkResults(report: Report): AllureResult[] {
  return report.checks.map((check) =>
    baseResult(report, {
      id: check.id,
      name: check.title,
      suite: "invariants",
      status: statusOfVerdict[check.verdict],
      severity: "critical",
      message: check.why,
      trace: check.findings
        .map((finding) => finding.because)
        .slice(0, shownFindings)
        .join("\n"),
      steps: [
        ...check.gates.map((gate) => step(`${gate.gate}: ${gate.why}`, statusOfVerdict[gate.verdict])),
        ...check.findings
          .slice(0, shownFindings)
          .map(({ gate, component, kind, subject, expected, actual }) =>
            step(`${gate}, ${component}: ${kind} ${subject}: expected ${expected}, seen ${actual}`, "failed"),
          ),
      ],
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
      severity: "normal",
      links: linksIn(control.source),
      message: `${control.outcome}: ${control.why}`,
      trace: "",
      steps: control.effects.map(({ subject, before, after }) =>
        step(`${subject}: ${before} → ${after}`, "passed"),
      ),
    }),
  );
}

interface Step {
  readonly name: string;
  readonly status: string;
  readonly stage: string;
  readonly start?: number;
  readonly stop?: number;
}

function step(name: string, status: string): Step {
  return { name: oneLine(name), status, stage: "finished" };
}

interface Item {
  readonly id: string;
  readonly name: string;
  readonly suite: string;
  readonly status: string;
  readonly severity: "blocker" | "critical" | "normal";
  readonly message: string;
  readonly trace: string;
  readonly steps: readonly Step[];
  readonly links?: readonly Link[];
}

interface Link {
  readonly type: string;
  readonly name: string;
  readonly url: string;
}

/** Addresses that a source names; a source without one stands in the name of the fault's test. */
function linksIn(source: string): Link[] {
  return [...source.matchAll(/https?:\/\/[^\s),;]+/g)].map(([url]) => ({
    type: "link",
    name: "source of the fault",
    url,
  }));
}

function baseResult(report: Report, item: Item) {
  const fullName = `${report.drill}#${item.suite}#${item.id}`;
  return {
    uuid: uuidOf(`${report.runId} ${fullName}`),
    historyId: uuidOf(fullName),
    fullName,
    name: oneLine(item.name),
    status: item.status,
    stage: "finished",
    start: Date.parse(report.startedAt),
    stop: Date.parse(report.endedAt),
    statusDetails: { message: visible(item.message), trace: visible(item.trace) },
    steps: item.steps,
    links: item.links ?? [],
    labels: [
      { name: "epic", value: report.system },
      { name: "feature", value: report.drill },
      { name: "suite", value: item.suite },
      { name: "severity", value: item.severity },
    ],
    parameters: [
      { name: "seed", value: String(report.seed) },
      { name: "scale", value: report.scale },
      { name: "mode", value: report.mode },
    ],
    attachments: [{ name: "summary", source: summaryFile, type: "text/markdown" }],
  };
}

/** A name-based UUID: equal names give equal ids. */
function uuidOf(name: string): string {
  const hex = createHash("sha1").update(`muster ${name}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
