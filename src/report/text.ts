import type { CheckResult, ControlResult, Report } from "../core/report.ts";
import { orderMatrix, type OrderCell } from "./order-matrix.ts";
import { latenessWords, scheduleWords } from "./schedules.ts";
import {
  controlWords,
  countWords,
  durationWords,
  expectationWords,
  firstLine,
  limitsOf,
  lossGap,
  lossWords,
  numberWords,
  oneLine,
  resultWords,
  shorten,
} from "./words.ts";

const shownFindings = 10;
/** Up to this many, a finding has two lines; more of them have one each, so that the whole stays on a screen. */
const roomyFindings = 4;
const shownLimits = 3;
const shownControls = 8;
const lineWidth = 110;
const nameWidth = 12;

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
  const lines = [
    "",
    `${paint(resultWords[report.result])}  ${oneLine(report.drill)}`,
    ...wrap(oneLine(report.because), lineWidth).map((line) => `  ${line}`),
    ...expectationWords(report).flatMap((words) =>
      wrap(oneLine(words), lineWidth).map((line) => `  ${line}`),
    ),
    "",
    ...recoveryLines(report),
    ...countLines(report),
    "",
    ...checkLines(report),
    ...scheduleLines(report),
    ...controlLines(report.controls),
    ...orderLines(report),
    ...findingLines(report),
    ...rows(
      "hooks",
      report.interventions.map(({ after, command }) => firstLine(`after ${after}: ${command}`, lineWidth)),
    ),
    "",
    ...limitLines(report),
    ...rows("report", [`${options.runFolder}/report.html`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** Lines under one name: the name stands beside the first. */
function rows(name: string, lines: readonly string[]): string[] {
  return lines.map((line, at) => `  ${(at === 0 ? name : "").padEnd(nameWidth)}${line}`.trimEnd());
}

function recoveryLines(report: Report): string[] {
  const { rtoMs, phases, rpo } = report.recovery;
  const slowest = phases.toSorted((left, right) => right.durationMs - left.durationMs).slice(0, 3);
  const most = slowest.map(({ id, durationMs }) => `${oneLine(id)} ${durationWords(durationMs)}`).join(", ");
  const gap = lossGap(report);
  const counts = [
    rpo.lostAcknowledged === null
      ? "lost acknowledged writes not measured"
      : `${countWords(rpo.lostAcknowledged, "acknowledged write")} lost`,
    `${lossWords(rpo.resurrected)} deleted came back`,
    `${lossWords(rpo.unexplained)} unexplained`,
  ].join(", ");
  const nothing = [rpo.lostAcknowledged, rpo.resurrected, rpo.unexplained].every((count) => count === null);
  const loss = gap === undefined ? counts : nothing ? `not measured: ${gap}` : `${counts}; ${gap}`;
  return [
    ...rows("recovery", [`${durationWords(rtoMs)}${most === "" ? "" : `; most of it ${most}`}`]),
    ...rows("loss", wrap(loss, lineWidth - nameWidth)),
  ];
}

function countLines({ counts }: Report): string[] {
  const sum = (values: readonly (number | null)[]) =>
    values.every((value) => value === null)
      ? "–"
      : numberWords(values.reduce<number>((total, value) => total + (value ?? 0), 0));
  const body = [...Map.groupBy(counts, ({ component }) => component)].map(([component, kinds]) => [
    oneLine(component),
    sum(kinds.map(({ baseline }) => baseline)),
    sum(kinds.map(({ restored }) => restored)),
    sum(kinds.map(({ started }) => started)),
  ]);
  if (body.length === 0) return [];
  return rows(
    "records",
    columns([["", "baseline", "restored", "started"], ...body], ["left", "right", "right", "right"]),
  );
}

function checkLines({ checks }: Report): string[] {
  const count = (verdict: CheckResult["verdict"]) =>
    checks.filter((check) => check.verdict === verdict).length;
  const failed = checks.filter(({ verdict }) => verdict === "fail");
  const unknown = checks.filter(({ verdict }) => verdict === "unknown");
  return rows("checks", [
    `${count("pass")} pass, ${count("fail")} fail, ${count("unknown")} unknown`,
    ...columns(
      failed.map(({ id, findingCount }) => ["fail", id, countWords(findingCount, "finding")]),
      ["left", "left", "right"],
    ),
    ...(unknown.length === 0
      ? []
      : [shorten(`unknown: ${unknown.map(({ id }) => id).join(", ")}`, lineWidth)]),
  ]);
}

function scheduleLines(report: Report): string[] {
  if (report.schedules.length === 0) return [];
  const lateness = report.lateness === null ? [] : wrap(latenessWords(report.lateness), lineWidth);
  return rows("schedules", [...wrap(scheduleWords(report), lineWidth), ...lateness]);
}

/** The matrix whole: a cell that is not shown might be the one that was accepted in silence. */
function orderLines(report: Report): string[] {
  const words = (ended: OrderCell | undefined) =>
    ended === undefined ? "–" : `${ended.word}, ${durationWords(ended.durationMs)}`;
  const body = orderMatrix(report).map(({ step, omitted, swapped }) => [
    oneLine(step),
    words(omitted),
    words(swapped),
  ]);
  if (body.length === 0) return [];
  return rows(
    "orders",
    columns([["", "left out", "done after the next one"], ...body], ["left", "left", "left"]),
  );
}

function controlLines({ list, injected, caught }: Report["controls"]): string[] {
  if (list.length === 0) return rows("controls", ["none: damage was not shown to be noticed"]);
  const order: readonly ControlResult["outcome"][] = [
    "missed",
    "misattributed",
    "unknown",
    "caught",
    "refused",
    "harmless",
  ];
  const sorted = list.toSorted((left, right) => order.indexOf(left.outcome) - order.indexOf(right.outcome));
  const more = sorted.length - shownControls;
  return rows("controls", [
    `${caught} of ${injected} sabotaged restores noticed`,
    ...columns(
      sorted
        .slice(0, shownControls)
        .map((control) => [
          oneLine(control.id),
          durationWords(control.durationMs),
          oneLine(controlWords(control)),
        ]),
      ["left", "right", "left"],
    ),
    ...(more > 0 ? [`and ${more} more in the report`] : []),
  ]);
}

function findingLines({ checks }: Report): string[] {
  const findings = checks.flatMap((check) => check.findings);
  const total = checks.reduce((sum, { findingCount }) => sum + findingCount, 0);
  const shown = findings.slice(0, shownFindings);
  const lines = shown.flatMap(({ kind, subject, component, gate, expected, actual }) => {
    const record = oneLine(`${kind} ${subject} in ${component} at ${gate}`);
    if (shown.length <= roomyFindings)
      return [
        shorten(record, lineWidth),
        shorten(`  ${oneLine(`expected ${expected}; seen ${actual}`)}`, lineWidth),
      ];
    // What was seen is the shorter side, so that both are begun before the line is cut.
    return [shorten(`${record}: ${oneLine(`seen ${actual}; expected ${expected}`)}`, lineWidth)];
  });
  const more = total - shown.length;
  return rows("findings", more > 0 ? [...lines, `and ${numberWords(more)} more in the report`] : lines);
}

function limitLines(report: Report): string[] {
  const limits = limitsOf(report);
  const more = limits.length - shownLimits;
  return rows("not proven", [
    ...limits
      .slice(0, shownLimits)
      .map(({ standIn, text }) => firstLine(`${standIn ? "stand-in " : ""}${text}`, lineWidth - nameWidth)),
    ...(more > 0 ? [`and ${more} more in the report`] : []),
  ]);
}

/** Cells in columns as wide as their widest. */
function columns(table: readonly (readonly string[])[], align: readonly ("left" | "right")[]): string[] {
  const widths = align.map((_, at) => Math.max(0, ...table.map((cells) => cells[at]?.length ?? 0)));
  return table.map((cells) =>
    cells
      .map((cell, at) =>
        align[at] === "right" ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
