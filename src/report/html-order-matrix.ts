import type { Report } from "../core/report.ts";
import { badge, code, escape, section, table } from "./html-parts.ts";
import { orderMatrix, type OrderCell } from "./order-matrix.ts";
import { durationWords } from "./words.ts";

/**
 * Every order of a restore that was tried, as a matrix: one line for each step, one cell where it was left out and one where
 * it changed places with the step after it. Nothing where no order was tried.
 */
export function orderMatrixSection(report: Pick<Report, "steps" | "controls">): string {
  const rows = orderMatrix(report).map(({ step, omitted, swapped }) => [
    escape(step),
    cell(omitted),
    cell(swapped),
  ]);
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

function cell(ended: OrderCell | undefined): string {
  if (ended === undefined) return "–";
  const { word, told, durationMs } = ended;
  const by = told.length === 0 ? "" : `<br>${told.map(code).join(", ")}`;
  return `${badge(word)} <span class="soft">${durationWords(durationMs)}</span>${by}`;
}
