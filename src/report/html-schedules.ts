import type { Report } from "../core/report.ts";
import { histogramChart } from "./chart.ts";
import { badge, clockTime, code, escape, section, table } from "./html-parts.ts";
import { latenessWords, scheduleWords, shownSchedulesOf, spanWords } from "./schedules.ts";
import { countWords, numberWords } from "./words.ts";

const number = (title: string) => ({ title, align: "right" }) as const;

/** What was due, when it happened, and how often. */
export function scheduleSection(report: Report): string {
  if (report.schedules.length === 0) return "";
  const { rows, more } = shownSchedulesOf(report);
  const list = table({
    caption: "Scheduled executions",
    columns: [
      "Schedule",
      "Policy",
      number("Due (UTC)"),
      number("Executed (UTC)"),
      number("Late by"),
      "Executed",
      "State",
    ],
    rows: rows.map(({ id, policy, dueAt, firedAt, lateness, executed, state }) => [
      code(id),
      escape(policy),
      clockTime(dueAt),
      firedAt === null ? "–" : clockTime(firedAt),
      lateness,
      executed,
      escape(state),
    ]),
  });
  const rest = more > 0 ? `<p class="soft">and ${numberWords(more)} more in report.json</p>` : "";
  return section(
    "schedules",
    "Schedules",
    `<p>${escape(scheduleWords(report))}</p>${latenessPart(report)}${list}${rest}`,
  );
}

/** How many were how late, as a drawing and in one sentence. */
function latenessPart({ lateness }: Report): string {
  if (lateness === null) return "";
  const columns = lateness.spans.map((span) => ({ name: spanWords(span), value: span.count }));
  return `<h3>How late</h3><p>${escape(latenessWords(lateness))}</p>${histogramChart(columns, "Executions since the restore by how late they were")}`;
}

const outcomeWords = {
  ok: "held",
  fail: "otherwise",
  unknown: "could not tell",
  barred: "could not be tried",
} as const;

/** Cases that the restored system was put to, each with what was expected and what was seen. */
export function caseSection({ cases }: Report): string {
  if (cases.length === 0) return "";
  const held = cases.filter(({ outcome }) => outcome === "ok").length;
  return section(
    "cases",
    "Case by case",
    `<p>${numberWords(held)} of ${countWords(cases.length, "case")} ended as expected.</p>${table({
      caption: "Cases that the restored system was put to",
      columns: ["Case", "Ended", "Expected and seen"],
      rows: cases.map(({ id, outcome, words }) => [
        code(id),
        outcome === "ok" ? outcomeWords.ok : badge(outcomeWords[outcome]),
        escape(words),
      ]),
      cards: true,
    })}`,
  );
}
