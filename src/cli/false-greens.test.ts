import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../check/database.ts";
import { parseHistory } from "../check/golden-history.ts";
import { loadInvariants } from "../check/invariants.ts";
import { judgeDatabase } from "../check/judge.ts";
import { openProject, packageFolder, type Project } from "../run/project.ts";
import { decideResult } from "../run/result.ts";
import { falseGreensOfBackup } from "./false-greens-of-backup.test-support.ts";
import { falseGreensOfRestore } from "./false-greens-of-restore.test-support.ts";
import { runMuster } from "./muster-process.ts";
import { rehearse } from "./rehearsal.test-support.ts";

const noEngine = { DOCKER_HOST: "tcp://127.0.0.1:1" };
const falseGreens = [...falseGreensOfBackup, ...falseGreensOfRestore].toSorted(
  (one, other) => one.case - other.case,
);
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "muster-false-greens-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a false green of the field is not verified, although the operator's own tools are content", () => {
  test.concurrent.each(falseGreens)("$case: $title", async (falseGreen) => {
    const { report, exitCodes } = await rehearse(folder, falseGreen.rehearsal);
    const failed = report.checks.filter(({ verdict }) => verdict === "fail").map(({ id }) => id);
    expect(report.result).toBe("not-verified");
    expect(report.because).toMatch(falseGreen.because);
    expect(failed).toEqual(expect.arrayContaining([...falseGreen.invariants]));
    // What makes it a false green: every command of the procedure ended well, but for the one that is the case itself.
    const { "application-answers": _muster, ...blocks } = exitCodes;
    const failing = Object.entries(blocks).filter(([, exitCode]) => exitCode !== 0 && exitCode !== null);
    expect(failing.map(([id]) => id)).toEqual(
      falseGreen.failingBlock === undefined ? [] : [falseGreen.failingBlock],
    );
  });

  test("the procedure that they were made from is verified", async () => {
    const { report } = await rehearse(folder, {});
    expect(report.result).toBe("verified");
  });

  test("each of the seventeen has its line in docs/false-greens.md", async () => {
    const page = await readFile(join(packageFolder, "docs/false-greens.md"), "utf8");
    const rows = [...page.matchAll(/^\| (\d+) \| /gm)].map((match) => Number(match[1]));
    expect([...new Set(rows)]).toEqual(Array.from({ length: 17 }, (_, index) => index + 1));
    for (const { id } of falseGreens) expect(page).toContain(`\`${id}\``);
  });
});

describe("6: nothing found is nothing proven", () => {
  /** A project whose system is the tutorial's notebook with one part of its connection replaced. */
  async function projectWith(id: string, replaced: string): Promise<Project> {
    const root = await mkdtemp(join(folder, "project-"));
    await mkdir(join(root, "src/systems", id), { recursive: true });
    await writeFile(
      join(root, "src/systems", id, "system.ts"),
      `import notebook from ${JSON.stringify(join(packageFolder, "src/systems/tutorial/system.ts"))};
       export default {
         ...notebook,
         id: ${JSON.stringify(id)},
         connect: async (stack, context) => ({ ...(await notebook.connect(stack, context)), ${replaced} }),
       };`,
    );
    await cp(join(packageFolder, "drills/tutorial"), join(root, "drills", id), { recursive: true });
    for (const name of ["cold.drill.yaml", "cold.runbook.md"]) {
      const file = join(root, "drills", id, name);
      await writeFile(file, (await readFile(file, "utf8")).replace("system: tutorial", `system: ${id}`));
    }
    return openProject(root);
  }

  test("an application that nothing was written to", async () => {
    const project = await projectWith("silent", "workload: () => ({ operations: 0, lanes: [[]] })");
    const { report } = await rehearse(folder, { project, drill: "silent/cold" });
    expect(report.result).toBe("inconclusive");
    expect(report.because).toContain("acknowledged-writes-survive (table facts is empty)");
  });

  test("observers that see no record, and no error", async () => {
    const project = await projectWith("blind", "observe: async function* () {}");
    const { report } = await rehearse(folder, { project, drill: "blind/cold" });
    expect(report.result).toBe("inconclusive");
    expect(report.because).toMatch(
      /the untouched system does not hold its invariants: acknowledged-writes-survive/,
    );
  });
});

describe("8: an argument that means nothing is refused", () => {
  test.each([
    [["check", "-73"], "-73: is not a run folder"],
    [["report", "-73"], "-73: is not a run folder"],
    [["lint-set", "camunda", "./no-such-listing.json"], "no-such-listing"],
    [["run", "tutorial/cold", "--controls", "-73"], '"-73"'],
  ])("muster %j", async (words, said) => {
    const { status, output, log } = await runMuster(words, { environment: noEngine });
    expect({ status, output }).toEqual({ status: 3, output: "" });
    expect(log).toContain(said);
  });
});

test("14: schedulers awake during and after the restore: early, twice, forgotten, stopped, not refused", async () => {
  const history = parseHistory(`
about: >
  The scheduler ran while data was put back (github/backup-utils#266), executed again what had run before the backup
  (cockroachdb/cockroach#93056), lost all but some of its jobs (timescaledb#5842), and executed an overdue job that
  has to be refused (cloudify-manager#2130).
watch: whole
tables:
  cuts: [{}]
  steps:
    - { phase: restore, id: put-back, began_at: 900, ended_at: 950, exit_code: 0 }
    - { phase: restore, id: application-answers, began_at: 1400, ended_at: 1500, exit_code: 0 }
  schedules:
    - { id: early, due_at: 2600, registered_at: 50, policy: fire-late }
    - { id: twice, due_at: 150, registered_at: 50, policy: fire-late }
    - { id: forgotten, due_at: 600, registered_at: 50, policy: fire-late }
    - { id: overdue, due_at: 700, registered_at: 50, policy: refuse-with-message }
    - { id: stopped, due_at: 100, registered_at: 50, policy: cycle, interval_ms: 100 }
  firings:
    - { id: early, due_at: 2600, fired_at: 920, state: executed }
    - { id: twice, due_at: 150, fired_at: 150, state: executed }
    - { id: twice, due_at: 150, fired_at: 1510, state: executed }
    - { id: overdue, due_at: 700, fired_at: 1520, state: executed }
    - { id: stopped, due_at: 100, fired_at: 100, state: executed }
verdict: fail
`);
  await using database = await openDatabase({ rows: history.rows });
  const invariants = await loadInvariants([join(packageFolder, "src/check/invariants")]);
  const checks = (await judgeDatabase(database, { invariants, gates: [] })).filter(({ id }) =>
    /^(schedule-|overdue-|cycles-)/.test(id),
  );
  expect(checks.map(({ id, findings }) => [id, findings.map(({ subject }) => subject)])).toEqual([
    ["cycles-go-on", ["stopped"]],
    ["overdue-handled-as-declared", ["forgotten", "overdue"]],
    ["schedule-fires-once", ["twice"]],
    ["schedule-not-early", ["early"]],
    ["schedule-not-lost", ["forgotten"]],
  ]);
  const evidence = { damage: [], entries: [] };
  expect(
    decideResult({ evidence, baselineVerdict: "pass", checks, controls: [], objectives: [] }).result,
  ).toBe("not-verified");
});

test("17: changes of hours are lost: a backup that is older than the objective allows is not verified", async () => {
  const root = await mkdtemp(join(folder, "project-"));
  await cp(join(packageFolder, "drills/tutorial"), join(root, "drills/tutorial"), { recursive: true });
  const drill = await readFile(join(root, "drills/tutorial/cold.drill.yaml"), "utf8");
  await writeFile(
    join(root, "drills/tutorial/late.drill.yaml"),
    drill.replace("rtoSeconds: 10", "rpoSeconds: 0.01"),
  );
  const { report } = await rehearse(folder, { project: openProject(root), drill: "tutorial/late" });
  expect({ result: report.result, lost: report.recovery.rpo.lostAcknowledged }).toEqual({
    result: "not-verified",
    lost: 0,
  });
  expect(report.because).toMatch(/^objective rpo was not met: \d+\.\d s, at most 0\.01 s$/);
});
