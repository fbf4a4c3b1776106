import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import type { RunbookBlock } from "../core/runbook.ts";
import { damageAfter } from "./changed-steps.ts";

test("damage after a step is done although the step ends itself early, and not where the step failed", () => {
  const said = (script: string) => {
    const block = { id: "restore", script } as RunbookBlock;
    const [changed] = damageAfter([block], "restore", "echo damaged");
    const { status, stdout } = spawnSync("bash", ["-euo", "pipefail", "-c", changed?.script ?? ""], {
      encoding: "utf8",
    });
    return { status, stdout };
  };
  expect(said("exit 0")).toEqual({ status: 0, stdout: "damaged\n" });
  expect(said("exit 3")).toEqual({ status: 3, stdout: "" });
});
