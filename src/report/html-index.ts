import type { Report } from "../core/report.ts";
import { trendChart } from "./chart.ts";
import { badge, escape, section, table } from "./html-parts.ts";
import { contentsOf, pageOf } from "./html-page.ts";
import { countWords, durationWords, lossWords, numberWords, resultWords } from "./words.ts";

/** One run folder: its report, or why it has none that can be read. */
export interface IndexedRun {
  /** Path of the folder below the page, with `/`. */
  readonly path: string;
  readonly report: Report | undefined;
  readonly problem: string;
}

type ReadRun = IndexedRun & { readonly report: Report };

/** A page over all runs of a folder: results, recovery time by drill over time, and the rate of controls. */
export function renderIndex(runs: readonly IndexedRun[]): string {
  const read = runs
    .filter((run): run is ReadRun => run.report !== undefined)
    .toSorted((left, right) => right.report.startedAt.localeCompare(left.report.startedAt));
  const unread = runs.filter(({ report }) => report === undefined);
  const count = (result: Report["result"]) => read.filter(({ report }) => report.result === result).length;
  const sections = [runSection(read), trendSection(read), unreadSection(unread)].filter(
    (part) => part !== "",
  );
  const body = `<header class="index">
<h1>Runs</h1>
<p class="because">${countWords(runs.length, "run")}: ${count("verified")} verified, ${count("not-verified")} not verified, ${count("inconclusive")} could not tell, ${unread.length} without a report that can be read.</p>
<p>As each report says. <code>./muster check</code> on a folder judges its evidence again.</p>
</header>
${contentsOf(sections)}
<main id="main">
${sections.join("\n")}
</main>`;
  return pageOf({ title: "Muster: all runs", body });
}

function runSection(runs: readonly ReadRun[]): string {
  const rows = runs.map(({ path, report }) => [
    `<a href="${escape(path.split("/").map(encodeURIComponent).join("/"))}/report.html">${escape(report.drill)}</a>`,
    badge(resultWords[report.result].toLowerCase()),
    `<time datetime="${report.startedAt}">${report.startedAt.slice(0, 16).replace("T", " ")}</time>`,
    durationWords(report.recovery.rtoMs),
    lossWords(report.recovery.rpo.lostAcknowledged),
    numberWords(report.checks.reduce((total, { findingCount }) => total + findingCount, 0)),
    rateWords(report),
    report.scale,
  ]);
  return section(
    "runs",
    "All runs, the newest first",
    table({
      caption: "All runs",
      columns: [
        "Drill",
        "Result",
        { title: "Began (UTC)", align: "right" },
        { title: "Recovery", align: "right" },
        { title: "Writes lost", align: "right" },
        { title: "Findings", align: "right" },
        { title: "Controls noticed", align: "right" },
        "Scale",
      ],
      rows,
      cards: true,
    }),
  );
}

function rateWords({ controls }: Report): string {
  if (controls.injected === 0) return "none run";
  const rate = controls.rate === null ? "" : ` (${percent(controls.rate)})`;
  return `${controls.caught} of ${controls.injected}${rate}`;
}

function percent(rate: number): string {
  return `${Math.round(rate * 100)} %`;
}

/** A line needs two points. */
function trendSection(runs: readonly ReadRun[]): string {
  const byDrill = Map.groupBy(runs.toReversed(), ({ report }) => report.drill);
  const trends = [...byDrill].flatMap(([drill, own]) => {
    const series = (valueOf: (report: Report) => number | null) =>
      own.map(({ report }) => ({ at: Date.parse(report.startedAt), value: valueOf(report) }));
    const charts = [
      { what: "recovery time", points: series(({ recovery }) => recovery.rtoMs), words: durationWords },
      { what: "rate of controls noticed", points: series(({ controls }) => controls.rate), words: percent },
    ]
      .filter(({ points }) => points.filter(({ value }) => value !== null).length > 1)
      .map(
        ({ what, points, words }) =>
          `<p class="soft">${what}</p>${trendChart({ points, words }, `${drill}: ${what} by run; the figures are in the table of runs`)}`,
      );
    return charts.length === 0 ? [] : [`<h3>${escape(drill)}</h3>${charts.join("")}`];
  });
  if (trends.length === 0) return "";
  return section(
    "trends",
    "Trends",
    `<p class="soft">By drill, of the runs that measured it; a gap is a run that did not.</p>${trends.join("")}`,
  );
}

function unreadSection(runs: readonly IndexedRun[]): string {
  if (runs.length === 0) return "";
  return section(
    "unread",
    "Without a report that can be read",
    `<ul>${runs.map(({ path, problem }) => `<li><code>${escape(path)}</code>: ${escape(problem)}</li>`).join("")}</ul>`,
  );
}
