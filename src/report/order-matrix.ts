import type { ControlResult, Report } from "../core/report.ts";

/** Words with which the control of an order begins, where no step minded it: src/run/conclude-controls.ts. */
const acceptedInSilence = "silently accepted";

/** How one order of a restore ended. */
export interface OrderCell {
  /** `harmless`, `refused`, `noticed by a step`, `silently accepted`, or an outcome of a control that could not be told. */
  readonly word: string;
  /** Invariants that alone told what no step minded. */
  readonly told: readonly string[];
  readonly durationMs: number;
}

/** One documented step: what came of leaving it out, and of doing it after the next one. */
export interface OrderRow {
  readonly step: string;
  readonly omitted: OrderCell | undefined;
  readonly swapped: OrderCell | undefined;
}

/** Every order of a restore that was tried, by the steps of the document; empty where none was. */
export function orderMatrix({ steps, controls }: Pick<Report, "steps" | "controls">): readonly OrderRow[] {
  const documented = steps
    .flatMap(({ phase, id, planned }) => (phase === "restore" && planned !== null ? [{ id, planned }] : []))
    .toSorted((left, right) => left.planned - right.planned)
    .map(({ id }) => id);
  const tried = new Map(controls.list.map((control) => [control.id.replace(/-sealed$/, ""), cell(control)]));
  return documented
    .map((step, at) => ({
      step,
      omitted: tried.get(`omit-${step}`),
      swapped: tried.get(`swap-${step}-and-${documented[at + 1] ?? ""}`),
    }))
    .filter(({ omitted, swapped }) => omitted !== undefined || swapped !== undefined);
}

function cell({ outcome, why, caughtBy, durationMs }: ControlResult): OrderCell {
  const isAccepted = outcome === "caught" && why.startsWith(acceptedInSilence);
  if (isAccepted) return { word: acceptedInSilence, told: caughtBy, durationMs };
  return { word: outcome === "caught" ? "noticed by a step" : outcome, told: [], durationMs };
}
