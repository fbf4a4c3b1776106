import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseRunbook } from "../core/runbook.ts";
import { packageFolder } from "../run/project.ts";
import { interruptRestore } from "./interrupted-restore.test-support.ts";
import { rehearse } from "./rehearsal.test-support.ts";

const file = join(packageFolder, "drills/tutorial/cold.runbook.md");
const text = await readFile(file, "utf8");
const steps = parseRunbook(text, file).blocks.filter(({ part }) => part === "restore");
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "muster-interrupted-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const interrupted = (document: string, done: number) => interruptRestore(document, file, done).text;
const looksOnly = ["verify-set", "refuse-non-empty-target"];

describe("a restore that is killed after a step and started again from the top", () => {
  test.each(steps.map(({ id }, index) => ({ id, done: index + 1 })))("after $id", async ({ id, done }) => {
    const { report } = await rehearse(folder, { rewrite: (document) => interrupted(document, done) });
    if (looksOnly.includes(id)) expect(report.result).toBe("verified");
    else {
      expect(report.result).toBe("not-verified");
      expect(report.because).toMatch(
        /^block refuse-non-empty-target of Restore ended with 1: refused: .*deployment is not empty/,
      );
    }
  });

  test("a runbook that neither converges nor refuses is told apart: it ends with 0, and what it left is named", async () => {
    const withoutRefusal = (document: string) =>
      document
        .replace(/^\[ -z .*$/m, "true")
        .replace(
          'cp -a "$BACKUP_DIR/settings" settings',
          'mkdir -p settings; cp -a "$BACKUP_DIR/settings/." settings',
        );
    const { report, exitCodes } = await rehearse(folder, {
      rewrite: (document) => interrupted(withoutRefusal(document), 5),
    });
    expect(Object.values(exitCodes).every((exitCode) => exitCode === 0)).toBe(true);
    expect(report.result).toBe("not-verified");
    expect(report.because).toMatch(/no-unexplained-records/);
  });
});
