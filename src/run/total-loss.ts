import type { DistinctLoss } from "../check/measure.ts";
import type { ComponentRpo, Report } from "../core/report.ts";

type TotalLoss = Pick<
  Report["recovery"]["rpo"],
  "lostAcknowledged" | "resurrected" | "unexplained" | "windowMs"
>;

/**
 * Loss of the application: a record counts once, however many components lost it. What was found anywhere is a loss, even
 * where another component could not be looked at; that nothing was found is a result only where every component was
 * looked at. The window is the widest one.
 */
export function totalLossOf(perComponent: readonly ComponentRpo[], distinct: DistinctLoss): TotalLoss {
  const looked = perComponent.some(({ lostAcknowledged }) => lostAcknowledged !== null);
  const windows = perComponent.flatMap(({ windowMs }) => (windowMs === null ? [] : [windowMs]));
  const totalOf = (measure: keyof DistinctLoss) => {
    const isWhole = perComponent.length > 0 && perComponent.every((component) => component[measure] !== null);
    return distinct[measure] > 0 || isWhole ? distinct[measure] : null;
  };
  return {
    lostAcknowledged: totalOf("lostAcknowledged"),
    resurrected: totalOf("resurrected"),
    unexplained: totalOf("unexplained"),
    windowMs: looked && windows.length > 0 ? Math.max(...windows) : null,
  };
}
