import { cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportSchema, type Report } from "../core/report.ts";
import { packageFolder } from "../run/project.ts";
import { runMuster, type MusterResult } from "./muster-process.ts";

const noEngine = { DOCKER_HOST: "tcp://127.0.0.1:1" };

describe("the whole kernel on the tutorial, without an engine", () => {
  let folder = "";
  let verified: { readonly result: MusterResult; readonly report: Report; readonly runFolder: string };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "muster-tutorial-"));
    verified = await runTutorial([]);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function runTutorial(words: readonly string[]) {
    const reports = await mkdtemp(join(folder, "reports-"));
    const result = await runMuster(["run", "tutorial/cold", "--json", "--report", reports, ...words], {
      environment: noEngine,
    });
    const runs = join(reports, "tutorial/cold");
    return {
      result,
      report: reportSchema.parse(JSON.parse(result.output)),
      runFolder: join(runs, (await readdir(runs))[0] ?? ""),
    };
  }

  async function copyOf(change: (copy: string) => Promise<void>): Promise<MusterResult> {
    const copy = await mkdtemp(join(folder, "copy-"));
    await cp(verified.runFolder, copy, { recursive: true });
    await change(copy);
    return await runMuster(["check", copy, "--json"], { environment: noEngine });
  }

  test("it is verified, every default control is caught by its named invariant or refused", () => {
    const outcomes = Object.fromEntries(
      verified.report.controls.list.map(({ id, outcome }) => [id, outcome]),
    );
    expect({ status: verified.result.status, result: verified.report.result, outcomes }).toEqual({
      status: 0,
      result: "verified",
      outcomes: {
        "blob-bit-flip": "refused",
        "blob-bit-flip-sealed": "caught",
        "index-from-older-generation": "refused",
        "index-from-older-generation-sealed": "caught",
        healthy: "harmless",
      },
    });
  });

  test("what the tutorial has not is left out: schedules, and probes of a started system", () => {
    const { checks, schedules, expected } = verified.report;
    const ids = checks.map(({ id }) => id);
    for (const id of ["first-commands-answered", "schedule-not-lost", "cycles-go-on"])
      expect(ids).not.toContain(id);
    expect({ schedules, expected }).toEqual({ schedules: [], expected: null });
  });

  test("no invariant passed without having judged something", () => {
    for (const check of verified.report.checks) {
      for (const gate of check.gates) expect(gate.judged, `${check.id} at ${gate.gate}`).toBeGreaterThan(0);
    }
  });

  test("a copy is judged the same, and its report is the same to the byte", async () => {
    const checked = await copyOf(() => Promise.resolve());
    expect({ status: checked.status, output: checked.output, log: checked.log }).toEqual({
      status: 0,
      output: verified.result.output,
      log: "",
    });
  });

  test("a changed byte in any table, a changed journal line and an edited report are each named and never verified", async () => {
    const tables = (await readdir(join(verified.runFolder, "tables"))).slice(0, 4);
    for (const table of tables) {
      const checked = await copyOf(async (copy) => {
        const bytes = await readFile(join(copy, "tables", table));
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0x20;
        await writeFile(join(copy, "tables", table), bytes);
      });
      expect(checked.status, table).toBe(1);
      expect(checked.log).toContain(`tables/${table}`);
    }
    const journal = await copyOf(async (copy) => {
      const text = await readFile(join(copy, "journal.jsonl"), "utf8");
      await writeFile(join(copy, "journal.jsonl"), text.replace('"exitCode":0', '"exitCode":1'));
    });
    expect({ status: journal.status, names: /journal line \d+: does not follow/.test(journal.log) }).toEqual({
      status: 1,
      names: true,
    });
    const report = await copyOf(async (copy) => {
      const text = await readFile(join(copy, "report.json"), "utf8");
      await writeFile(
        join(copy, "report.json"),
        text.replace('"lostAcknowledged": 0', '"lostAcknowledged": 1'),
      );
    });
    expect(report).toMatchObject({
      status: 1,
      log: expect.stringContaining("report.json: does not say what the evidence says"),
    });
  });

  test("damage that no fault file knows is named: a deleted file, two swapped attachments, a changed setting, a file that was not copied", async () => {
    const sabotage: readonly [string, string, RegExp][] = [
      ["backup", 'rm "$BACKUP_DIR/rows/notebook.sqlite"', /rows\/notebook\.sqlite/],
      [
        "backup",
        'cd "$BACKUP_DIR/attachments"; set -- *; mv "$1" x; mv "$2" "$1"; mv x "$2"',
        /attachments\/[0-9a-f]{64}/,
      ],
      ["backup", 'sed -i s/token/tocken/ "$BACKUP_DIR/settings/notebook.json"', /settings\/notebook\.json/],
      // Before the manifest is written, which then vouches for what is left.
      [
        "backup/copy-attachments",
        'cd "$BACKUP_DIR/attachments"; set -- *; rm "$1"',
        /acknowledged-writes-survive/,
      ],
    ];
    for (const [after, command, named] of sabotage) {
      const { result, report } = await runTutorial([
        "--controls",
        "none",
        "--hook",
        `after:${after}=${command}`,
      ]);
      expect({ status: result.status, result: report.result }).toEqual({ status: 1, result: "not-verified" });
      expect(report.because).toMatch(named);
      expect(report.interventions).toEqual([{ after, command, exitCode: 0 }]);
    }
  });

  test("secrets of the run are in none of its files", async () => {
    const texts = await Promise.all(
      (await readdir(verified.runFolder, { recursive: true }))
        .filter((path) => /\.(json|jsonl|html|md|xml|log)$/.test(path))
        .map((path) => readFile(join(verified.runFolder, path), "latin1")),
    );
    expect(texts.some((text) => /"token":"[0-9a-f]{36}"/.test(text))).toBe(false);
  });

  test("a run that was killed leaves a folder that is inconclusive, and the next run sweeps what it left", async () => {
    const reports = await mkdtemp(join(folder, "killed-"));
    await runMuster(["run", "tutorial/cold", "--report", reports], {
      environment: noEngine,
      killAfterLog: "  baseline",
    });
    const killed = join(reports, "tutorial/cold", (await readdir(join(reports, "tutorial/cold")))[0] ?? "");
    expect((await runMuster(["check", killed], { environment: noEngine })).status).toBe(2);
    const runId = /"runId":"([^"]+)"/.exec(await readFile(join(killed, "journal.jsonl"), "utf8"))?.[1] ?? "";
    const runs = join(packageFolder, ".muster/runs");
    expect(await readdir(runs)).toContain(runId);
    await runTutorial(["--controls", "none"]);
    expect(await readdir(runs)).not.toContain(runId);
  });
});
