import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageFolder } from "../run/project.ts";
import { runMuster } from "./muster-process.ts";

const noEngine = { DOCKER_HOST: "tcp://127.0.0.1:1" };

describe("bad input gives one clear message, exit status 3, and starts nothing", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "muster-bad-input-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function refused(
    words: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const reports = join(folder, "reports");
    const { status, output, log } = await runMuster([...words], {
      environment: { ...noEngine, ...environment },
    });
    expect({ status, output }).toEqual({ status: 3, output: "" });
    expect(await readdir(reports).catch(() => [])).toEqual([]);
    return log;
  }

  test("an unknown drill is refused and the nearest names are offered", async () => {
    const log = await refused(["run", "tutorial/colt", "--report", join(folder, "reports")]);
    expect(log).toBe(
      'muster: no drill is called "tutorial/colt"\n  hint: nearest: tutorial/cold, thehive/cold\n',
    );
  });

  test("an unknown key in a drill file is refused and the nearest key is offered", async () => {
    const drills = join(folder, "project/drills/tutorial");
    await mkdir(drills, { recursive: true });
    await writeFile(
      join(drills, "mine.drill.yaml"),
      "title: T\nsystem: tutorial\nrunbook: cold.runbook.md\nscael: small\n",
    );
    const log = await refused(["run", "tutorial/mine", "--report", join(folder, "reports")], {
      MUSTER_PROJECT: join(folder, "project"),
    });
    expect(log).toContain('unknown key "scael" (nearest: scale');
  });

  test("a runbook with a duplicate id, and one without the part Restore, are refused with the line", async () => {
    const text = await readFile(join(packageFolder, "drills/tutorial/cold.runbook.md"), "utf8");
    const twice = join(folder, "twice.runbook.md");
    await writeFile(twice, text.replace("id=copy-attachments", "id=copy-rows"));
    expect(
      await refused(["run", "tutorial/cold", "--runbook", twice, "--report", join(folder, "reports")]),
    ).toMatch(/twice\.runbook\.md:\d+: block id "copy-rows" is already used at line \d+/);
    const half = join(folder, "half.runbook.md");
    await writeFile(half, text.slice(0, text.indexOf("## Restore")));
    expect(
      await refused(["run", "tutorial/cold", "--runbook", half, "--report", join(folder, "reports")]),
    ).toContain('the part "Restore" has no sh block');
  });

  test("a folder that is no run, a hook without a step, and an unknown fault are refused", async () => {
    expect(await refused(["check", folder])).toContain("is not a run folder (journal.jsonl cannot be read)");
    expect(await refused(["run", "tutorial/cold", "--hook", "backup=true"])).toContain(
      "expected after:<step>=<command>",
    );
    expect(await refused(["run", "tutorial/cold", "--hook", "after:bakcup=true"])).toContain("no such step");
    expect(await refused(["run", "tutorial/cold", "--controls", "blob-bit-flop"])).toContain(
      "nearest: blob-bit-flip",
    );
  });

  test("where files live is a setting: a system without it refuses it, and so is a wrong place", async () => {
    const noSetting =
      'muster: tutorial has no setting "storage"\n  hint: this system leaves no choice to a drill\n';
    for (const words of [
      ["--storage", "s3"],
      ["--set", "storage=s3"],
    ]) {
      expect(await refused(["run", "tutorial/cold", ...words])).toBe(noSetting);
      expect(await refused(["plan", "tutorial/cold", ...words])).toBe(noSetting);
    }
    expect(await refused(["plan", "thehive/hot", "--storage", "tape"])).toContain(
      'thehive: setting storage is "tape", expected local or volume or s3',
    );
  });

  test("the short form chooses what the long one does", async () => {
    const plans = [];
    for (const words of [
      ["--storage", "s3"],
      ["--set", "storage=s3"],
    ]) {
      const { output } = await runMuster(["plan", "thehive/hot", ...words, "--json"], {
        environment: noEngine,
      });
      plans.push(JSON.parse(output) as { drill: { settings: Record<string, string> } });
    }
    expect(plans[0]?.drill.settings["storage"]).toBe("s3");
    expect(plans[1]).toEqual(plans[0]);
  });

  test("a drill that needs an engine, without one, is told what to type", async () => {
    const log = await refused(["run", "thehive/cold", "--report", join(folder, "reports")]);
    expect(log).toContain("type ./muster setup --install-engine");
  });
});
