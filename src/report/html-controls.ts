import type { ControlResult, Report } from "../core/report.ts";
import { badge, code, details, escape, section, table } from "./html-parts.ts";
import { countWords, durationWords } from "./words.ts";

const order = { missed: 0, misattributed: 1, unknown: 2, caught: 3, refused: 4, harmless: 5 } as const;

/** Would damage have been noticed? Each fault, how it ended, and the proof that it changed something. */
export function controlSection({ controls }: Report): string {
  const title = "Controls: would damage have been noticed?";
  if (controls.list.length === 0)
    return section(
      "controls",
      title,
      "<p>No control was run: this run does not show that damage would have been noticed.</p>",
    );
  const rows = controls.list
    .toSorted((left, right) => order[left.outcome] - order[right.outcome])
    .map((control) => [
      `${escape(control.title)}<br>${code(control.id)}${control.healthy ? `<br><span class="where">healthy: no fault, no finding allowed</span>` : ""}`,
      badge(control.outcome),
      noticedBy(control),
      control.gate ?? "–",
      durationWords(control.durationMs),
      evidenceOf(control),
    ]);
  return section(
    "controls",
    title,
    `<p>Damaged copies of the backup went through the same restore. ${controls.caught} of ${controls.injected} were refused by the runbook or caught by an invariant that was named beforehand.${tally(controls)}</p>${table(
      {
        caption: "Sabotaged restores and how each ended",
        columns: [
          "Fault",
          "Outcome",
          "Noticed by",
          "Gate",
          { title: "Time", align: "right" },
          "What was changed, and what was said",
        ],
        rows,
        cards: true,
      },
    )}`,
  );
}

/** The rest of the score: what went wrong with controls, and whether the healthy one was left alone. */
function tally({ list, missed, misattributed, unknown }: Report["controls"]): string {
  const healthy = list.filter((control) => control.healthy);
  const clean = healthy.filter(({ outcome }) => outcome === "harmless").length;
  const harmless = list.filter((control) => !control.healthy && control.outcome === "harmless").length;
  return ` ${missed.length} missed, ${misattributed.length} misattributed, ${unknown.length} could not be told, ${harmless} did no harm. ${healthy.length === 0 ? "No healthy control was run." : `${clean} of ${countWords(healthy.length, "healthy control")} clean.`}`;
}

function noticedBy({ outcome, caughtBy, expectedInvariants, healthy, step }: ControlResult): string {
  const ids = (list: readonly string[]) => list.map(code).join(", ") || "nothing";
  if (outcome === "refused") return step === null ? "the runbook" : `the runbook, step ${code(step)}`;
  if (outcome === "caught") return ids(caughtBy);
  if (healthy) return caughtBy.length === 0 ? "nothing, as it has to be" : `${ids(caughtBy)}, a false alarm`;
  const blame = step === null ? "" : `<br><span class="where">let through by step ${code(step)}</span>`;
  return `${ids(caughtBy)} <span class="where">(had to be ${ids(expectedInvariants)})</span>${blame}`;
}

function evidenceOf({ effects, why, sealed, source, findings }: ControlResult): string {
  const changes = effects.map(
    ({ subject, before, after }) =>
      `<p>${code(subject)}<br><span class="soft">before</span> ${escape(before)}<br><span class="soft">after</span> ${escape(after)}</p>`,
  );
  const [shown, rest] = [changes.slice(0, 1), changes.slice(1)];
  return [
    sealed ? `<p class="soft">Done before the set was sealed: the runbook cannot see it.</p>` : "",
    ...shown,
    rest.length === 0 ? "" : details(countWords(rest.length, "more change"), rest.join("")),
    why === "" && findings.length === 0
      ? ""
      : details(
          "what was said",
          `<pre>${escape([why, ...findings.map((finding) => `${finding.invariant}, ${finding.gate}: ${finding.kind} ${finding.subject} in ${finding.component}: expected ${finding.expected}, seen ${finding.actual}`)].filter((line) => line !== "").join("\n"))}</pre>`,
        ),
    source === "" ? "" : `<p class="soft">Source: ${escape(source)}</p>`,
  ].join("");
}
