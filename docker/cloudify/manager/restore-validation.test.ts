import { expect, test } from "vitest";
import { ensureVersion } from "./restore-validation.ts";

test("a snapshot of the same or an older version is taken", () => {
  for (const snapshot of ["5.1.0", "5.0.5", "4.4.0"])
    expect(() => ensureVersion(snapshot, "5.1.0")).not.toThrow();
});

test("a snapshot of a newer manager is refused in the product's words", () => {
  expect(() => ensureVersion("5.1.1", "5.1.0")).toThrow(
    "Cannot restore a newer manager's snapshot on this manager [5.1.1 > 5.1.0]",
  );
  expect(() => ensureVersion("10.0.0", "5.1.0")).toThrow("newer manager's snapshot");
});

test("a snapshot from before 4.0 is refused", () => {
  expect(() => ensureVersion("3.4.2", "5.1.0")).toThrow(
    "Restoring snapshot from version 3.4.2 is not supported",
  );
});
