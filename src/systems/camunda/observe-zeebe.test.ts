import { expect, test } from "vitest";
import { isStillOf } from "./observe-zeebe.ts";

const entry = { ref: "seed-task-1", processId: "user-task", instanceKey: "2251799813685300" };

test("a key that was given out again, to another instance or to an element, is not the instance of before", () => {
  const now = (owner: object) => isStillOf(entry, new Map([[entry.instanceKey, owner]]));
  expect(now({ processId: "user-task", ref: "seed-task-1" })).toBe(true);
  expect(now({ processId: "user-task", ref: "canary-1" })).toBe(false);
  expect(now({ processId: "timer-cycle" })).toBe(false);
  expect(now({})).toBe(false);
});

test("a key of which nothing was exported is taken to be what it was", () => {
  expect(isStillOf(entry, new Map())).toBe(true);
});
