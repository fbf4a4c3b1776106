import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Report } from "../core/report.ts";
import { rehearse } from "./rehearsal.test-support.ts";

/** Every fault that fits the notebook, through the runbook as it is and through one that looks at nothing first. */
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "muster-controls-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const outcomesOf = ({ controls }: Report) =>
  Object.fromEntries(
    controls.list.map(({ id, outcome, gate }) => [id, `${outcome} ${gate ?? "before any gate"}`]),
  );

test("the runbook refuses every set that was damaged after its seal, and the invariants catch the rest", async () => {
  const { report } = await rehearse(folder, { controls: "all" });
  expect({ result: report.result, because: report.because, ...report.controls, list: [] }).toMatchObject({
    result: "verified",
    because: expect.stringContaining("every acknowledged write was counted"),
    missed: [],
    misattributed: [],
    unknown: [],
    rate: 1,
  });
  const outcomes = outcomesOf(report);
  const quiet = ["healthy", "backup-while-running"];
  for (const [id, outcome] of Object.entries(outcomes)) {
    const isCaught = id.endsWith("-sealed") && !id.startsWith("manifest");
    const expected = quiet.includes(id)
      ? /^harmless/
      : isCaught
        ? /^caught (restored|started|run)$/
        : /^refused/;
    expect(outcome, id).toMatch(expected);
  }
  expect(report.controls.injected).toBe(Object.keys(outcomes).length - 1);
  expect(report.controls.injected).toBeGreaterThanOrEqual(33);
  for (const { id, effects, healthy } of report.controls.list) {
    expect(effects.length > 0, id).toBe(!healthy);
    for (const { before, after } of effects) expect(before, id).not.toBe(after);
  }
});

test("a runbook that looks at nothing first refuses nothing: each fault is caught, and the step that let it in is named", async () => {
  const { report } = await rehearse(folder, {
    controls: "blob-bit-flip,index-emptied,database-from-older-set,target-in-use,destination-full",
    blocks: { "verify-set": "true", "refuse-non-empty-target": "true" },
    rewrite: (runbook) => runbook.replace(" role=seal", ""),
  });
  const { list, missed, misattributed, unknown } = report.controls;
  expect({ missed, misattributed, unknown }).toEqual({ missed: [], misattributed: [], unknown: [] });
  expect(list.filter(({ outcome }) => outcome === "refused")).toEqual([]);
  const caught = list.filter(({ outcome }) => outcome === "caught");
  expect(caught).toHaveLength(5);
  for (const { id, step } of caught) expect(step, id).toMatch(/^restore-/);
  expect(list.find(({ id }) => id === "blob-bit-flip")?.step).toBe("restore-attachments");
});
