import { expect, test } from "vitest";
import type { ControlResult, Report } from "../core/report.ts";
import { orderMatrixSection } from "./html-order-matrix.ts";

const step = (id: string, planned: number): Report["steps"][number] => ({
  phase: "restore",
  id,
  component: "set",
  planned,
  beganAt: planned,
  durationMs: 1,
  exitCode: 0,
  message: "",
});

const control = (id: string, outcome: ControlResult["outcome"], why = ""): ControlResult => ({
  id,
  title: id,
  source: "",
  outcome,
  expectedInvariants: [],
  caughtBy: outcome === "caught" ? ["rows-survive"] : [],
  gate: null,
  sealed: true,
  healthy: false,
  step: null,
  durationMs: 2000,
  effects: [],
  why,
  findings: [],
});

const pageOf = (list: readonly ControlResult[]) => {
  const controls = { injected: 0, caught: 0, missed: [], misattributed: [], unknown: [], rate: null };
  return orderMatrixSection({
    steps: [step("rows", 2), step("verify", 1), step("start", 3)],
    controls: { ...controls, list: [...list] },
  });
};

test("each step has a cell for its omission and one for its place, and what no step minded stands out", () => {
  const page = pageOf([
    control("omit-rows-sealed", "caught", "silently accepted by every step that was done: row 1 is absent"),
    control("swap-verify-and-rows-sealed", "harmless", "every invariant holds"),
    control("omit-start-sealed", "caught", "nothing answers"),
    control("blob-bit-flip", "caught", "told"),
  ]);
  const lines = page.split("\n").filter((line) => line.includes('<th scope="row"'));

  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/verify.*–.*good">harmless/);
  expect(lines[1]).toMatch(/rows.*bad">silently accepted.*rows-survive/);
  expect(lines[2]).toMatch(/start.*good">noticed by a step/);
});

test("without a tried order there is no matrix", () => {
  expect(pageOf([control("blob-bit-flip", "caught")])).toBe("");
});
