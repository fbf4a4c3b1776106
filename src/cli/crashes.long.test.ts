import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { readlinkSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runSteps } from "../core/plan.ts";
import { parseRunbook } from "../core/runbook.ts";
import { concludeRun } from "../run/conclude.ts";
import { packageFolder } from "../run/project.ts";
import { runMuster } from "./muster-process.ts";
import { changeRunbook } from "./rehearsal.test-support.ts";

const noEngine = { DOCKER_HOST: "tcp://127.0.0.1:1" };
const runbookFile = join(packageFolder, "drills/tutorial/cold.runbook.md");
const runbook = await readFile(runbookFile, "utf8");
/** Kills Muster itself from inside a block or a hook: the nearest ancestor that is its command line. */
const killMuster = `pid=$PPID; until tr '\\0' ' ' < "/proc/$pid/cmdline" | grep -q src/cli/main.ts; do pid=$(sed -n 's/^PPid:\\t//p' "/proc/$pid/status"); done; kill -9 "$pid"`;
/** `down` and `check` are Muster's own, no hook comes after them. */
const steps = runSteps.map(([id]) => id).filter((id) => id !== "down" && id !== "check");

let folder = "";
let project = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "muster-crashes-"));
  project = join(folder, "project");
  await mkdir(project);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const reports = await mkdtemp(join(folder, "reports-"));
  const result = await runMuster(["run", "tutorial/cold", "--report", reports, "--quiet", ...words], {
    environment: { ...noEngine, MUSTER_PROJECT: project, ...environment },
  });
  const names = await readdir(join(reports, "tutorial/cold")).catch(() => []);
  return { ...result, runFolder: join(reports, "tutorial/cold", names[0] ?? "") };
}

/** What a run that was killed left: its private folder, and processes that work in it. */
async function leftovers(): Promise<{ folders: string[]; processes: string[] }> {
  const processes = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readlinkSync(`/proc/${pid}/cwd`)];
      } catch {
        return [];
      }
    });
  return {
    folders: await readdir(join(project, ".muster/runs")).catch(() => []),
    processes: processes.filter((cwd) => cwd.startsWith(join(project, ".muster"))),
  };
}

async function expectNewRunToWork(): Promise<void> {
  expect((await run(["--controls", "none"])).status).toBe(0);
  expect(await leftovers()).toEqual({ folders: [], processes: [] });
}

describe("SIGKILL", () => {
  test.each(steps)(
    "after step %s: the folder is inconclusive, and nothing outlives the next run",
    async (step) => {
      const { status, runFolder } = await run([
        "--controls",
        "blob-bit-flip",
        "--hook",
        `after:${step}=${killMuster}`,
      ]);
      expect(status).toBe(-1);
      const { report, damage } = await concludeRun(runFolder);
      expect({ result: report.result, damage }).toEqual({ result: "inconclusive", damage: [] });
      expect((await leftovers()).folders).toHaveLength(1);
    },
  );

  test("after the last of them a new run works, and nothing is left over", expectNewRunToWork);

  test.each(parseRunbook(runbook, runbookFile).blocks.map(({ id, script }) => ({ id, script })))(
    "in block $id, which goes on without Muster and leaves a process of its own",
    async ({ id, script }) => {
      const file = join(folder, `${id}.runbook.md`);
      const outliving = `${killMuster}\n${script}\nsetsid sleep 300 &\nsleep 300`;
      await writeFile(file, changeRunbook(runbook, { blocks: { [id]: outliving } }));
      const { status, runFolder } = await run(["--controls", "none", "--runbook", file]);
      expect(status).toBe(-1);
      const { report, damage } = await concludeRun(runFolder);
      expect({ result: report.result, damage }).toEqual({ result: "inconclusive", damage: [] });
      expect((await leftovers()).processes).not.toEqual([]);
    },
  );

  test("after the last of these a new run works, and nothing is left over", expectNewRunToWork);
});

describe("disk full", () => {
  const disks: string[] = [];
  afterAll(() => {
    for (const disk of disks) execFileSync("umount", [disk]);
  });

  /** A real file system with 8 MB; needs root, as the engine does. */
  async function smallDisk(): Promise<string> {
    const disk = await mkdtemp(join(folder, "disk-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", disk]);
    disks.push(disk);
    return disk;
  }
  const fill = (disk: string, left: string) =>
    `dd if=/dev/zero of=${disk}/filler bs=4k 2> /dev/null || true; truncate -s -${left} ${disk}/filler`;

  test("in the backup folder: the block that met it is named, the result is not verified, everything is removed", async () => {
    const disk = await smallDisk();
    const { status, runFolder } = await run(
      ["--controls", "none", "--hook", `after:baseline=${fill(disk, "8k")}`],
      {
        MUSTER_PROJECT: disk,
      },
    );
    const { report } = await concludeRun(runFolder);
    expect({ status, result: report.result }).toEqual({ status: 1, result: "not-verified" });
    expect(report.because).toMatch(
      /^block [a-z-]+ of Back up ended with 1: (.*\n)*.*No space left on device/,
    );
    expect(await readdir(join(disk, ".muster/runs"))).toEqual([]);
  });

  test("in the report folder: the run could not be recorded, which is said, and everything is removed", async () => {
    const disk = await smallDisk();
    const { status, log, output } = await run([
      "--controls",
      "none",
      "--report",
      disk,
      "--hook",
      `after:backup=${fill(disk, "0")}`,
    ]);
    expect({ status, output }).toEqual({ status: 2, output: "" });
    expect(log).toMatch(/the record of the run could not be ended: .*ENOSPC/);
    expect(await leftovers()).toEqual({ folders: [], processes: [] });
    const name = (await readdir(join(disk, "tutorial/cold")))[0] ?? "";
    const { report, damage } = await concludeRun(join(disk, "tutorial/cold", name));
    expect({ result: report.result, damage }).toEqual({ result: "inconclusive", damage: [] });
  });
});

test("the report folder is removed in mid-run: nothing is verified, which is said, and everything is removed", async () => {
  const { status, log, output } = await run([
    "--controls",
    "none",
    "--hook",
    'after:backup=rm -r "$MUSTER_RUN_DIR"',
  ]);
  expect({ status, output }).toEqual({ status: 2, output: "" });
  expect(log).toMatch(/the record of the run could not be ended: ENOENT/);
  expect(await leftovers()).toEqual({ folders: [], processes: [] });
});

test("two runs at once are each verified, and neither removes what is the other's", async () => {
  const both = await Promise.all([run(["--controls", "default"]), run(["--controls", "default"])]);
  expect(both.map(({ status }) => status)).toEqual([0, 0]);
  expect(await leftovers()).toEqual({ folders: [], processes: [] });
});
