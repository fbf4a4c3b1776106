import type { ComponentRpo, Report } from "../core/report.ts";

type TotalLoss = Pick<
  Report["recovery"]["rpo"],
  "lostAcknowledged" | "resurrected" | "unexplained" | "windowMs"
>;

/**
 * Loss over all components. What was found anywhere is a loss, even where another component could not be looked at; that
 * nothing was found is a result only where every component was looked at. The window is the widest one.
 */
export function totalLossOf(perComponent: readonly ComponentRpo[]): TotalLoss {
  const looked = perComponent.some(({ lostAcknowledged }) => lostAcknowledged !== null);
  const windows = perComponent.flatMap(({ windowMs }) => (windowMs === null ? [] : [windowMs]));
  return {
    lostAcknowledged: totalOf(perComponent.map(({ lostAcknowledged }) => lostAcknowledged)),
    resurrected: totalOf(perComponent.map(({ resurrected }) => resurrected)),
    unexplained: totalOf(perComponent.map(({ unexplained }) => unexplained)),
    windowMs: looked && windows.length > 0 ? Math.max(...windows) : null,
  };
}

function totalOf(counts: readonly (number | null)[]): number | null {
  const found = counts.reduce<number>((total, count) => total + (count ?? 0), 0);
  return found > 0 || (counts.length > 0 && !counts.includes(null)) ? found : null;
}
