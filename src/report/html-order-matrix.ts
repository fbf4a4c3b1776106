import type { ControlResult, Report } from "../core/report.ts";
import { badge, code, escape, section, table } from "./html-parts.ts";
import { durationWords } from "./words.ts";

/** Words with which the control of an order begins, where no step minded it: src/run/conclude-controls.ts. */
const acceptedInSilence = "silently accepted";

/**
 * Every order of a restore that was tried, as a matrix: one line for each step, one cell where it was left out and one where
 * it changed places with the step after it. Nothing where no order was tried.
 */
export function orderMatrixSection({ steps, controls }: Pick<Report, "steps" | "controls">): string {
  const documented = steps
    .flatMap(({ phase, id, planned }) => (phase === "restore" && planned !== null ? [{ id, planned }] : []))
    .toSorted((left, right) => left.planned - right.planned)
    .map(({ id }) => id);
  const tried = new Map(controls.list.map((control) => [control.id.replace(/-sealed$/, ""), control]));
  const rows = documented
    .map((id, at) => [
      escape(id),
      cell(tried.get(`omit-${id}`)),
      cell(tried.get(`swap-${id}-and-${documented[at + 1] ?? ""}`)),
    ])
    .filter((row) => row.slice(1).some((words) => words !== untried));
  if (rows.length === 0) return "";
  return section(
    "order-matrix",
    "Every order of the restore",
    `<p>One set, restored with a step left out, or with two neighbours in each other's place. Harmless is a restored state that every invariant holds of. Silently accepted is one that no step of the procedure minded: it was told by the invariants alone.</p>${table(
      {
        caption: "Orders of the restore and how each ended",
        columns: ["Step", "Left out", "Done after the next one"],
        rows,
        cards: true,
      },
    )}`,
  );
}

const untried = "–";

function cell(control: ControlResult | undefined): string {
  if (control === undefined) return untried;
  const { outcome, why, caughtBy, durationMs } = control;
  const isAccepted = outcome === "caught" && why.startsWith(acceptedInSilence);
  const word = isAccepted ? acceptedInSilence : outcome === "caught" ? "noticed by a step" : outcome;
  const by = isAccepted ? `<br>${caughtBy.map(code).join(", ")}` : "";
  return `${badge(word)} <span class="soft">${durationWords(durationMs)}</span>${by}`;
}
