/** Something done in time; milliseconds of the harness's clock. */
export interface Timed {
  readonly beganAt: number;
  readonly durationMs: number;
}

/**
 * The chain of steps that a run had to wait for: the one that ended last, before it the one that ended last before it
 * began, and so on. A step beside the chain could have taken longer without the run taking longer.
 * @returns the chain in the order of time
 */
export function criticalPathOf<Step extends Timed>(steps: readonly Step[]): Step[] {
  const path: Step[] = [];
  let before = Number.POSITIVE_INFINITY;
  let rest = [...steps];
  while (rest.length > 0) {
    const limit = before;
    rest = rest.filter((step) => endOf(step) <= limit);
    const last = rest
      .toSorted((left, right) => endOf(left) - endOf(right) || left.beganAt - right.beganAt)
      .at(-1);
    if (last === undefined) break;
    path.unshift(last);
    rest.splice(rest.indexOf(last), 1);
    before = last.beganAt;
  }
  return path;
}

/** Time between the steps of a chain, in which none of them was at work. */
export function waitingMsOf(path: readonly Timed[]): number {
  const first = path[0];
  const last = path.at(-1);
  if (first === undefined || last === undefined) return 0;
  const work = path.reduce((total, { durationMs }) => total + durationMs, 0);
  return endOf(last) - first.beganAt - work;
}

function endOf({ beganAt, durationMs }: Timed): number {
  return beganAt + durationMs;
}
