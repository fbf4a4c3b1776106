import type { Report } from "../core/report.ts";
import { code, details, escape, section, table } from "./html-parts.ts";
import { countWords, durationWords, numberWords } from "./words.ts";

const number = (title: string) => ({ title, align: "right" }) as const;
const phaseWords = { before: "before the backup", during: "while it was taken", after: "after it" } as const;
const meaningWords = {
  lost: "lost",
  resurrected: "deleted, and back",
  ghost: "unexplained",
  torn: "without what it refers to",
  repairable: "in an index alone, which can be built again",
  "left-over": "files to which nothing refers",
} as const;

/** What a backup under load cost the clients, which calls each store came back with, and how far stores are apart. */
export function loadSection({ recovery }: Report): string {
  return section(
    "load",
    "Under load, and call by call",
    [
      loadTable(recovery.load),
      positionTable(recovery.rpo.perComponent),
      differenceList(recovery.rpo.differences),
    ].join(""),
  );
}

function loadTable(load: Report["recovery"]["load"]): string {
  if (load === undefined || load.length === 0) return "";
  return `<h3>What clients met while the backup was taken</h3>${table({
    caption: "Calls of the load before, during and after the backup",
    columns: [
      "When",
      number("Calls"),
      number("Acknowledged"),
      number("Refused"),
      number("Unknown"),
      number("A second"),
      number("p50"),
      number("p95"),
      number("p99"),
      number("Longest"),
    ],
    rows: load.map((row) => [
      phaseWords[row.phase],
      ...[row.calls, row.ok, row.refused, row.unknown].map(numberWords),
      row.perSecond.toFixed(1),
      ...[row.p50Ms, row.p95Ms, row.p99Ms, row.maxMs].map((ms) => (ms === null ? "–" : durationWords(ms))),
    ]),
  })}`;
}

function positionTable(components: Report["recovery"]["rpo"]["perComponent"]): string {
  const rows = components.flatMap(({ component, position }) => {
    if (position === undefined) return [];
    const call = (at: typeof position.lastContained) => (at === null ? "none" : numberWords(at.operation));
    const skew = position.skew.map(
      ({ against, onlyHere, onlyThere, milliseconds }) =>
        `<p>${escape(against)}: ${onlyHere === 0 && onlyThere === 0 ? "the same calls" : `${numberWords(onlyHere)} only here, ${numberWords(onlyThere)} only there, ${durationWords(milliseconds)} apart`}</p>`,
    );
    return [
      [
        escape(component),
        position.gate,
        call(position.lastContained),
        call(position.firstMissing),
        numberWords(position.missingAtBackupEnd),
        numberWords(position.missingAtDisaster),
        numberWords(position.partly.length),
        skew.length === 0 ? "–" : details(countWords(skew.length, "component"), skew.join("")),
      ],
    ];
  });
  if (rows.length === 0) return "";
  return `<h3>The last call that each store came back with</h3><p class="soft">Calls are numbered in the order in which Muster made them. Calls after the cut are lost by design of the procedure.</p>${table(
    {
      caption: "Calls contained in each restored component",
      columns: [
        "Component",
        "Read at",
        number("Last contained"),
        number("First missing"),
        number("Missing at the end of backup"),
        number("Missing at the disaster"),
        number("In part"),
        "Against other components",
      ],
      rows,
      cards: true,
    },
  )}`;
}

function differenceList(differences: Report["recovery"]["rpo"]["differences"]): string {
  if (differences === undefined || differences.length === 0) return "";
  const groups = differences.map(({ meaning, count, examples }) => {
    const lines = examples.map(
      ({ component, kind, subject, operation, what }) =>
        `<li>${escape(kind)} ${code(subject)} <span class="where">in ${escape(component)}${operation === null ? "" : `, call ${numberWords(operation)}`}</span>: ${escape(what)}</li>`,
    );
    const more = count - examples.length;
    return `<div class="group">${details(`${numberWords(count)} ${meaningWords[meaning]}`, `<ul>${lines.join("")}</ul>${more > 0 ? `<p class="soft">and ${numberWords(more)} more</p>` : ""}`)}</div>`;
  });
  return `<h3>Differences before the application starts</h3>${groups.join("")}`;
}
