import type { Report } from "../core/report.ts";
import { controlWords, firstLine, resultWords, secondsOf } from "./words.ts";

/** A summary for CI pages. */
export function renderMarkdown(report: Report): string {
  const { recovery } = report;
  const sections = [
    `# ${resultWords[report.result]}: ${report.drill}`,
    escape(report.because),
    table(
      ["Measured", "Value"],
      [
        ["Recovery time", secondsOf(recovery.rtoMs)],
        ["Lost acknowledged writes", String(recovery.rpo.lostAcknowledged)],
        ["Deleted records that came back", String(recovery.rpo.resurrected)],
        ["Unexplained records", String(recovery.rpo.unexplained)],
        ["Sabotaged restores noticed", `${report.controls.caught} of ${report.controls.injected}`],
      ],
    ),
    "## Checks",
    table(
      ["Invariant", "Verdict", "Why"],
      report.checks.map(({ id, verdict, why }) => [id, verdict, firstLine(why)]),
    ),
    ...findingSection(report),
    ...(report.controls.list.length === 0
      ? []
      : [
          "## Controls",
          table(
            ["Fault", "Outcome", "Time"],
            report.controls.list.map((control) => [
              control.id,
              controlWords(control),
              secondsOf(control.durationMs),
            ]),
          ),
        ]),
    "## What this run does not prove",
    report.limits.map((limit) => `- ${escape(limit)}`).join("\n"),
  ];
  return `${sections.join("\n\n")}\n`;
}

function findingSection({ checks }: Report): string[] {
  const findings = checks.flatMap((check) => check.findings).slice(0, 50);
  if (findings.length === 0) return [];
  return [
    "## Findings",
    table(
      ["Where", "Record", "Expected", "Seen", "Because"],
      findings.map((finding) => [
        `${finding.component} at ${finding.gate}`,
        `${finding.kind} ${finding.subject}`,
        finding.expected,
        finding.actual,
        firstLine(finding.because),
      ]),
    ),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escape).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Text of the subject must not become markup of the page. */
function escape(text: string): string {
  return text
    .replaceAll(/[\r\n]+/g, " ")
    .replaceAll(/[\\`*_{}[\]<>|]/g, (character) => (character === "_" ? "_" : `\\${character}`));
}
