import type { Report } from "../core/report.ts";
import { latenessWords, scheduleWords, shownSchedulesOf, spanWords } from "./schedules.ts";
import {
  controlWords,
  countWords,
  expectationWords,
  durationWords,
  limitsOf,
  lossWords,
  oneLine,
  resultWords,
  shorten,
  numberWords,
} from "./words.ts";

const shownFindings = 20;

/** A summary for the pages of CI systems: short, and no text of the subject becomes markup. */
export function renderMarkdown(report: Report): string {
  const sections = [
    `# ${resultWords[report.result]}: ${escape(report.drill)}`,
    escape(report.because),
    ...expectationWords(report).map(escape),
    figures(report),
    "## Checks",
    table(
      ["Invariant", "Verdict", "Findings", "Why"],
      report.checks.map(({ id, verdict, findingCount, why }) => [
        id,
        verdict,
        String(findingCount),
        shorten(oneLine(why), 160),
      ]),
    ),
    ...findingSection(report),
    ...controlSection(report),
    ...caseSection(report),
    ...scheduleSection(report),
    "## What this run does not prove",
    limitsOf(report)
      .map(({ standIn, text }) => `- ${standIn ? "**stand-in** " : ""}${escape(text)}`)
      .join("\n"),
  ];
  return `${sections.join("\n\n")}\n`;
}

function figures(report: Report): string {
  const { recovery, controls } = report;
  return table(
    ["Measured", "Value"],
    [
      ["Recovery time (RTO)", durationWords(recovery.rtoMs)],
      ["Acknowledged writes lost", lossWords(recovery.rpo.lostAcknowledged)],
      ["Deleted records that came back", lossWords(recovery.rpo.resurrected)],
      ["Unexplained records", lossWords(recovery.rpo.unexplained)],
      ["Widest window of loss (RPO)", durationWords(recovery.rpo.windowMs)],
      [
        "Sabotaged restores noticed",
        controls.injected === 0 ? "none run" : `${controls.caught} of ${controls.injected}`,
      ],
    ],
  );
}

function controlSection({ controls }: Report): string[] {
  if (controls.list.length === 0) return [];
  return [
    "## Controls",
    table(
      ["Fault", "Outcome", "How", "Time"],
      controls.list.map((control) => [
        control.id,
        control.outcome,
        controlWords(control),
        durationWords(control.durationMs),
      ]),
    ),
  ];
}

function scheduleSection(report: Report): string[] {
  if (report.schedules.length === 0) return [];
  const { rows, more } = shownSchedulesOf(report);
  const time = (milliseconds: number | null) =>
    milliseconds === null ? "–" : new Date(milliseconds).toISOString().slice(11, 23);
  return [
    "## Schedules",
    escape(scheduleWords(report)),
    ...latenessPart(report),
    table(
      ["Schedule", "Policy", "Due (UTC)", "Executed (UTC)", "Late by", "Executed", "State"],
      rows.map(({ id, policy, dueAt, firedAt, lateness, executed, state }) => [
        id,
        policy,
        time(dueAt),
        time(firedAt),
        lateness,
        executed,
        state,
      ]),
    ),
    ...(more > 0 ? [`${countWords(more, "more schedule")} in the report.`] : []),
  ];
}

function latenessPart({ lateness }: Report): string[] {
  if (lateness === null) return [];
  return [
    escape(latenessWords(lateness)),
    table(
      ["Late by", "Executions"],
      lateness.spans.map((span) => [spanWords(span), numberWords(span.count)]),
    ),
  ];
}

function caseSection({ cases }: Report): string[] {
  if (cases.length === 0) return [];
  return [
    "## Case by case",
    table(
      ["Case", "Outcome", "Expected and seen"],
      cases.map(({ id, outcome, words }) => [id, outcome, words]),
    ),
  ];
}

function findingSection({ checks }: Report): string[] {
  const findings = checks.flatMap((check) => check.findings).slice(0, shownFindings);
  if (findings.length === 0) return [];
  const more = checks.reduce((sum, { findingCount }) => sum + findingCount, 0) - findings.length;
  return [
    "## Findings",
    table(
      ["Where", "Record", "Expected", "Seen", "Because"],
      findings.map((finding) => [
        `${finding.component} at ${finding.gate}`,
        `${finding.kind} ${finding.subject}`,
        finding.expected,
        finding.actual,
        shorten(oneLine(finding.because), 160),
      ]),
    ),
    ...(more > 0 ? [`${countWords(more, "more finding")} in the report.`] : []),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escape).join(" | ")} |`;
  // The rule below the head is markup itself: escaped it would end the table before it began.
  return [line(head), `| ${head.map(() => "---").join(" | ")} |`, ...rows.map(line)].join("\n");
}

/** Pipes would end a cell, new lines a row, and the rest is markup, links and mentions included. */
function escape(text: string): string {
  return oneLine(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/[\\`*{}[\]|~]|(?<!\w)_|_(?!\w)|^[#>+-]/g, "\\$&")
    .replaceAll("@", "&#64;")
    .replaceAll("://", ":&#47;/");
}
