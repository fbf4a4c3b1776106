import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runMuster } from "./muster-process.ts";

let folder = "";
let [first, second, otherSeed] = ["", "", ""];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "muster-compare-"));
  first = await runTutorial("first", "1");
  second = await runTutorial("second", "1");
  otherSeed = await runTutorial("other", "2");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function runTutorial(name: string, seed: string): Promise<string> {
  const reports = join(folder, name);
  await runMuster(["run", "tutorial/cold", "--controls", "none", "--seed", seed, "--report", reports]);
  const runs = join(reports, "tutorial/cold");
  return join(runs, (await readdir(runs))[0] ?? "");
}

test("two runs of one procedure and one seed restore the same records", async () => {
  const { status, output } = await runMuster(["compare", first, second]);
  expect(status).toBe(0);
  expect(output).toMatch(/restored records: [1-9]\d* the same in both, and no other/);
  expect(output).toMatch(/result +verified +verified/);
});

test("another seed writes other records, so there is nothing to compare", async () => {
  const { status, log } = await runMuster(["compare", first, otherSeed]);
  expect(status).toBe(3);
  expect(log).toContain("has seed 1");
});

test("a folder that was changed compares with nothing", async () => {
  await writeFile(join(otherSeed, "plan.json"), "{}");
  const { status, log } = await runMuster(["compare", otherSeed, otherSeed]);
  expect(status).not.toBe(0);
  expect(log).toContain("evidence");
});
