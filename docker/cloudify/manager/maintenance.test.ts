import { expect, test } from "vitest";
import { ensureAllowed } from "./maintenance.ts";

const allowed = (status: "deactivated" | "activating" | "activated", call: string) => {
  const [method = "", path = ""] = call.split(" ");
  try {
    ensureAllowed(status, method, path);
    return "allowed";
  } catch (refusal) {
    return (refusal as { code: string }).code;
  }
};

test("outside maintenance everything is allowed", () => {
  for (const call of ["GET executions", "POST executions", "POST snapshots/a/restore"])
    expect(allowed("deactivated", call), call).toBe("allowed");
});

test("in maintenance snapshots and the state of the manager are reached, and nothing else", () => {
  for (const call of [
    "GET snapshot-status",
    "PUT snapshots/a",
    "POST snapshots/a/restore",
    "POST maintenance/deactivate",
    "GET version",
  ])
    expect(allowed("activated", call), call).toBe("allowed");
  for (const call of ["GET executions", "GET executions/x", "GET blueprints", "PUT secrets/a", "GET events"])
    expect(allowed("activated", call), call).toBe("maintenance_mode_active");
});

test("while it is entered nothing new is begun, a restore neither, and reading goes on", () => {
  for (const call of [
    "PUT snapshots/a",
    "POST executions",
    "POST executions/x",
    "PUT deployments/a",
    "POST snapshots/a/restore",
    "GET snapshots/a/restore",
  ])
    expect(allowed("activating", call), call).toBe("entering_maintenance_mode");
  for (const call of ["GET executions", "GET executions/x", "PUT secrets/a", "GET snapshots/a"])
    expect(allowed("activating", call), call).toBe("allowed");
});
