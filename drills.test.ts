import { spawn } from "node:child_process";
import * as allure from "allure-js-commons";
import { Status } from "allure-js-commons";
import { describe, expect, test } from "vitest";
import { reportSchema } from "./src/core/report.ts";
import { openProject } from "./src/run/project.ts";

/**
 * The real drills, enumerated from `drills/`, through the command line that users type. Weekly ones run where
 * MUSTER_WEEKLY is set. Nothing is skipped: without an engine a drill that needs one fails with the sentence to type.
 */
const project = openProject(import.meta.dirname);
const weekly = process.env["MUSTER_WEEKLY"] === "1";
const drills = await Promise.all(
  (await project.drillIds()).map(async (id) => ({ id, ...(await project.loadDrill(id)).drill })),
);
const chosen = drills.filter(({ schedule }) => weekly || schedule === "every-change");

describe("drills", () => {
  test.each(chosen)("$id ends as expected", async ({ id, title, expect: expected }) => {
    await allure.description(title);
    const { status, output, log } = await runMuster(["run", id, "--json"]);
    if (output === "") throw new Error(`exit ${status}: ${log.trim()}`);
    const report = reportSchema.parse(JSON.parse(output));
    await allure.attachment("report.json", output, "application/json");
    for (const check of report.checks) {
      await allure.logStep(
        `${check.id}: ${check.why}`,
        check.verdict === "pass" ? Status.PASSED : Status.FAILED,
      );
    }
    for (const control of report.controls.list) {
      const noticed = control.outcome === "caught" || control.outcome === "refused";
      await allure.logStep(
        `control ${control.id}: ${control.outcome}`,
        noticed ? Status.PASSED : Status.FAILED,
      );
    }
    expect({ result: report.result, because: report.because }).toEqual({
      result: expected?.result ?? "verified",
      because: expect.any(String),
    });
    const verdicts = new Map(report.checks.map((check) => [check.id, check.verdict]));
    for (const invariant of expected?.invariants ?? [])
      expect(verdicts.get(invariant), invariant).toBe("fail");
  });
});

function runMuster(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ status: number; output: string; log: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn("./muster", [...words], {
      cwd: import.meta.dirname,
      env: { ...process.env, ...environment },
    });
    let output = "";
    let log = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => {
      log += chunk.toString();
      process.stderr.write(chunk);
    });
    child.on("error", reject);
    child.on("exit", (status) => resolve({ status: status ?? -1, output, log }));
  });
}
