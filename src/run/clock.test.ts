import { expect, test } from "vitest";
import { increasingClock } from "./clock.ts";

test("a machine's clock that is set back by an hour changes no duration and no order", () => {
  let machineMs = 10_000_000;
  let elapsedMs = 0;
  const clock = increasingClock(
    () => machineMs,
    () => elapsedMs,
  );
  const before = clock.nowMs();
  elapsedMs += 1500;
  machineMs += 1500 - 3_600_000;
  expect(clock.nowMs() - before).toBe(1500);
  expect(clock.steppedMs()).toBe(-3_600_000);
});

test("readings within one millisecond are told apart", () => {
  const clock = increasingClock(
    () => 1000,
    () => 0,
  );
  expect([clock.nowMs(), clock.nowMs(), clock.nowMs()]).toEqual([1000, 1001, 1002]);
});
