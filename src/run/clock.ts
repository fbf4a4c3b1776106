/** The harness's clock. Every reading is later than the one before, so that "before the cut" is never a tie. */
export interface Clock {
  nowMs(): number;
}

/** Milliseconds UTC; strictly increasing even when the machine's clock stands still or steps back. */
export function increasingClock(readMs: () => number = Date.now): Clock {
  let lastMs = 0;
  return {
    nowMs() {
      lastMs = Math.max(lastMs + 1, readMs());
      return lastMs;
    },
  };
}
