import type { Report } from "../core/report.ts";
import { controlWords, firstLine, resultWords, secondsOf } from "./words.ts";

const shownFindings = 10;
const colors: Readonly<Record<Report["result"], string>> = {
  verified: "32",
  "not-verified": "31",
  inconclusive: "33",
};

/** What `run` and `check` print at the end: the result first, then what it rests on. */
export function renderText(
  report: Report,
  options: { readonly color: boolean; readonly runFolder: string },
): string {
  const paint = (text: string) =>
    options.color ? `\u001b[1;${colors[report.result]}m${text}\u001b[0m` : text;
  const { recovery, controls } = report;
  const lines = [
    "",
    `${paint(resultWords[report.result])}  ${report.drill}`,
    `  ${report.because}`,
    "",
    row(
      "recovery",
      `${secondsOf(recovery.rtoMs)} from the first step of Restore until the application answered`,
    ),
    ...slowestPhases(report),
    row(
      "lost",
      `${recovery.rpo.lostAcknowledged} acknowledged writes; ${recovery.rpo.resurrected} deleted records came back; ${recovery.rpo.unexplained} unexplained`,
    ),
    row("counted", countWords(report)),
    row("checks", checkWords(report)),
    ...controlLines(controls),
    ...findingLines(report),
    ...report.interventions.map(({ after, command }) =>
      row("intervention", `after ${after}: ${firstLine(command)}`),
    ),
    row(
      "not proven",
      report.limits
        .map((limit) => firstLine(limit, 110))
        .slice(0, 3)
        .join(`\n${" ".repeat(16)}`),
    ),
    row("report", `${options.runFolder}/report.html`),
  ];
  return `${lines.join("\n")}\n`;
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(12)}  ${text}`;
}

function slowestPhases({ recovery }: Report): string[] {
  const slowest = recovery.phases.toSorted((left, right) => right.durationMs - left.durationMs).slice(0, 4);
  return slowest.length === 0
    ? []
    : [row("", slowest.map(({ id, durationMs }) => `${id} ${secondsOf(durationMs)}`).join(", "))];
}

function countWords({ counts }: Report): string {
  const byComponent = Map.groupBy(counts, ({ component }) => component);
  const sum = (values: readonly (number | null)[]) =>
    values.every((value) => value === null)
      ? "–"
      : String(values.reduce<number>((total, value) => total + (value ?? 0), 0));
  return [...byComponent]
    .map(
      ([component, rows]) =>
        `${component} ${sum(rows.map(({ baseline }) => baseline))}→${sum(rows.map(({ restored, started }) => restored ?? started))}`,
    )
    .join(", ");
}

function checkWords({ checks }: Report): string {
  const count = (verdict: string) => checks.filter((check) => check.verdict === verdict).length;
  return `${count("pass")} pass, ${count("fail")} fail, ${count("unknown")} unknown`;
}

function controlLines(controls: Report["controls"]): string[] {
  if (controls.injected === 0) return [row("controls", "none")];
  return [
    row("controls", `${controls.caught} of ${controls.injected} sabotaged restores noticed`),
    ...controls.list.map((control) =>
      row(
        "",
        `${control.id.padEnd(34)} ${secondsOf(control.durationMs).padStart(7)}  ${controlWords(control)}`,
      ),
    ),
  ];
}

function findingLines({ checks }: Report): string[] {
  const findings = checks.flatMap((check) => check.findings);
  const total = checks.reduce((sum, { findingCount }) => sum + findingCount, 0);
  const lines = findings
    .slice(0, shownFindings)
    .flatMap((finding) => [
      row(
        "finding",
        `${finding.invariant} at ${finding.gate}: ${finding.kind} ${finding.subject} in ${finding.component}`,
      ),
      row("", `expected ${finding.expected}; seen ${finding.actual}`),
      row("", firstLine(finding.because, 200)),
    ]);
  return total > shownFindings
    ? [...lines, row("", `and ${total - shownFindings} more in the report`)]
    : lines;
}
