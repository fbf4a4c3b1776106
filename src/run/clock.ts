/** The harness's clock. Every reading is later than the one before, so that "before the cut" is never a tie. */
export interface Clock {
  nowMs(): number;
  /** How far the machine's clock was moved since this one began: set forward is more than 0, set back is less. */
  steppedMs(): number;
}

/**
 * Milliseconds UTC; strictly increasing. The machine's clock is read once, and from there on time is counted: where the
 * machine's clock is set back or forward, durations and order stay what they were.
 */
export function increasingClock(
  readMs: () => number = () => Date.now(),
  elapsedMs: () => number = () => performance.now(),
): Clock {
  const beganAt = readMs();
  const beganElapsedMs = elapsedMs();
  const countedMs = () => Math.floor(beganAt + elapsedMs() - beganElapsedMs);
  let lastMs = 0;
  return {
    nowMs() {
      lastMs = Math.max(lastMs + 1, countedMs());
      return lastMs;
    },
    steppedMs: () => readMs() - countedMs(),
  };
}
