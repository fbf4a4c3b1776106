import { appendFile, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hashLine, sealLine } from "../core/journal.ts";
import { evidencePaths, readEvidence } from "../run/evidence.ts";
import { runMuster } from "./muster-process.ts";
import { renderJson } from "../report/json.ts";
import { rehearse } from "./rehearsal.test-support.ts";

const noEngine = { DOCKER_HOST: "tcp://127.0.0.1:1" };

interface Change {
  readonly way: "flip" | "insert" | "remove" | "cut" | "append" | "empty";
  readonly at: number;
  readonly mask: number;
}

describe("whatever is changed in a run folder is named", () => {
  let folder = "";
  let run = "";
  let paths: string[] = [];
  let lines: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "muster-tamper-"));
    const { runFolder, report } = await rehearse(folder, { controls: "blob-bit-flip" });
    run = runFolder;
    await writeFile(join(run, "report.json"), renderJson(report));
    paths = await evidencePaths(run);
    lines = (await readFile(join(run, "journal.jsonl"), "utf8")).trimEnd().split("\n");
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Damage that is told while one file of the run has other content; undefined stands for no file. */
  async function damageWith(
    path: string,
    content: Uint8Array | string | undefined,
  ): Promise<readonly string[]> {
    const file = join(run, path);
    await rename(file, `${folder}/untouched`);
    try {
      if (content !== undefined) await writeFile(file, content);
      return (await readEvidence(run).catch((thrown: Error) => ({ damage: thrown.message.split("\n") })))
        .damage;
    } finally {
      await rename(`${folder}/untouched`, file);
    }
  }

  /** How `./muster check` ends, and what it says, while one file of the run has other content. */
  async function checkedWith(path: string, content: Uint8Array | string | undefined) {
    const file = join(run, path);
    await rename(file, `${folder}/untouched`);
    try {
      if (content !== undefined) await writeFile(file, content);
      return await runMuster(["check", run], { environment: noEngine });
    } finally {
      await rename(`${folder}/untouched`, file);
    }
  }

  test("nothing is named in an untouched folder, with its tables, a control and the runbook in it", async () => {
    expect((await readEvidence(run)).damage).toEqual([]);
    for (const path of [
      "plan.json",
      "evidence/environment.json",
      "tables/facts-seed.parquet",
      "controls/blob-bit-flip/control.json",
      "invariants/references-resolve.sql",
    ])
      expect(paths).toContain(path);
  });

  /** Ways to change bytes: one of every class. */
  const change: fc.Arbitrary<Change> = fc.oneof(
    fc.record({ way: fc.constant("flip" as const), at: fc.nat(), mask: fc.integer({ min: 1, max: 255 }) }),
    fc.record({ way: fc.constant("insert" as const), at: fc.nat(), mask: fc.integer({ min: 0, max: 255 }) }),
    fc.record({ way: fc.constant("remove" as const), at: fc.nat(), mask: fc.constant(0) }),
    fc.record({ way: fc.constant("cut" as const), at: fc.nat(), mask: fc.constant(0) }),
    fc.record({
      way: fc.constant("append" as const),
      at: fc.constant(0),
      mask: fc.integer({ min: 0, max: 255 }),
    }),
    fc.record({ way: fc.constant("empty" as const), at: fc.constant(0), mask: fc.constant(0) }),
  );

  function changed(bytes: Buffer, { way, at: chosen, mask }: Change): Buffer {
    const at = bytes.length === 0 ? 0 : chosen % bytes.length;
    const before = bytes.subarray(0, at);
    if (way === "flip")
      return Buffer.concat([before, Buffer.of((bytes[at] ?? 0) ^ mask), bytes.subarray(at + 1)]);
    if (way === "insert") return Buffer.concat([before, Buffer.of(mask), bytes.subarray(at)]);
    if (way === "remove") return Buffer.concat([before, bytes.subarray(at + 1)]);
    if (way === "cut") return before;
    if (way === "append") return Buffer.concat([bytes, Buffer.of(mask)]);
    return Buffer.alloc(0);
  }

  test("a byte of any class, flipped, put in, taken out or cut off in any evidence file: that file, and no other", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), change, async (which, how) => {
        const path = paths[which % paths.length] ?? "";
        const bytes = await readFile(join(run, path));
        const other = changed(bytes, how);
        if (other.equals(bytes)) return;
        const damage = await damageWith(path, other);
        const named = damage
          .filter((line) => !line.startsWith("not verified:"))
          .map((line) => line.trim().split(":")[0]);
        expect(named).toEqual([path]);
      }),
      { numRuns: 60 },
    );
  });

  test("a byte of any class in the journal: its line or the one after it", async () => {
    const bytes = await readFile(join(run, "journal.jsonl"));
    await fc.assert(
      fc.asyncProperty(change, async (how) => {
        const other = changed(bytes, how);
        if (other.equals(bytes)) return;
        const at = [...bytes].findIndex((byte, index) => other[index] !== byte);
        const line = bytes
          .subarray(0, at < 0 ? bytes.length : at)
          .toString("latin1")
          .split("\n").length;
        const damage = await damageWith("journal.jsonl", other);
        const isCutBetweenLines = other.length === 0 || (other.at(-1) === 10 && bytes.indexOf(other) === 0);
        if (isCutBetweenLines && other.length > 0) return; // A run that was killed looks like this: see below.
        const named = damage.flatMap((said) => /journal line (\d+):/.exec(said)?.[1] ?? []).map(Number);
        expect(Math.min(...named)).toBeGreaterThanOrEqual(Math.max(1, line - 1));
        expect(Math.min(...named)).toBeLessThanOrEqual(line + 1);
      }),
      { numRuns: 100 },
    );
  });

  test("a line of the journal that is removed, repeated, moved, added or forged: its number", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.constantFrom("remove", "repeat", "move", "add", "forge"),
        async (which, way) => {
          const at = which % (lines.length - 1);
          const line = lines[at] ?? "";
          const other = {
            remove: lines.toSpliced(at, 1),
            repeat: lines.toSpliced(at, 0, line),
            move: lines.toSpliced(at, 2, lines[at + 1] ?? "", line),
            add: lines.toSpliced(at, 0, '{"entry":"note"}'),
            // With the right number and predecessor, so that only what follows tells.
            forge: lines.toSpliced(at, 1, line.replace(/"at":\d/, '"at":9')),
          }[way];
          const damage = await damageWith("journal.jsonl", `${other.join("\n")}\n`);
          expect(damage[0]).toMatch(new RegExp(`^journal line (${at + 1}|${at + 2}): `));
        },
      ),
      { numRuns: 40 },
    );
  });

  test("the last line of the journal is sealed: a stopped run cannot be made a complete one", async () => {
    const last = lines.findLastIndex((line) => line.includes('"run-ended"'));
    const forged = lines.with(last, (lines[last] ?? "").replace('"message":""', '"message":"all is well"'));
    expect(await damageWith("journal.jsonl", `${forged.join("\n")}\n`)).toContain(
      `journal line ${last + 2}: is not the seal of the line before it`,
    );
    const resealed = forged.with(last + 1, sealLine(hashLine(forged[last] ?? "")));
    // Whoever can write every hash anew is found out by the head hash alone, which the report carries.
    const { status, log } = await checkedWith("journal.jsonl", `${resealed.join("\n")}\n`);
    expect({ status, log }).toEqual({
      status: 1,
      log: expect.stringContaining("report.json: does not say what the evidence says"),
    });
  });

  test("bytes that are no text do not stand for one another", async () => {
    const note = lines.findIndex((line) => line.includes('"output":""'));
    const withSign = lines.with(note, (lines[note] ?? "").replace('"output":""', '"output":"\uFFFD"'));
    const bytes = Buffer.from(`${withSign.join("\n")}\n`);
    const at = bytes.indexOf(Buffer.from("\uFFFD"));
    const other = Buffer.concat([bytes.subarray(0, at), Buffer.of(0xff), bytes.subarray(at + 3)]);
    expect((await damageWith("journal.jsonl", other))[0]).toBe(`journal line ${note + 1}: is not UTF-8`);
  });

  test.each([
    [
      "a changed journal line",
      "journal.jsonl",
      (text: string) => text.replace('"exitCode":0', '"exitCode":1'),
      /journal line \d+: does not follow/,
    ],
    [
      "lines cut off the end",
      "journal.jsonl",
      (text: string) => `${text.trimEnd().split("\n").slice(0, -3).join("\n")}\n`,
      /journal line \d+: is missing, report\.json was made from \d+ lines/,
    ],
    ["an empty journal", "journal.jsonl", () => "", /journal line 1: is missing/],
    ["a plan that is no plan", "plan.json", () => "{}", /plan\.json: has sha256/],
    ["a plan that is gone", "plan.json", () => undefined, /plan\.json: is missing/],
    [
      "an invariant that finds nothing",
      "invariants/references-resolve.sql",
      (text: string) => `${text} AND FALSE`,
      /invariants\/references-resolve\.sql: has sha256/,
    ],
    [
      "a table that is no table",
      "tables/facts-seed.parquet",
      () => "PAR1",
      /tables\/facts-seed\.parquet: has sha256/,
    ],
    [
      "an edited report",
      "report.json",
      (text: string) => text.replace('"lostAcknowledged": 0', '"lostAcknowledged": 1'),
      /report\.json: does not say/,
    ],
    ["a report that is no JSON", "report.json", () => "verified", /report\.json: does not say/],
    [
      "a control that was caught",
      "controls/blob-bit-flip/control.json",
      (text: string) => text.replace('"refused"', '"observed"'),
      /control\.json: has sha256/,
    ],
  ] as const)("./muster check ends with 1 and names it: %s", async (_, path, edit, said) => {
    const { status, log } = await checkedWith(path, edit(await readFile(join(run, path), "utf8")));
    expect(log).toMatch(said);
    expect(status).toBe(1);
  });

  test("two files that changed places, one that was added, and a link, are named", async () => {
    const [one, other] = [
      "tables/observations-baseline-rows.parquet",
      "tables/observations-started-rows.parquet",
    ];
    const swap = async () => {
      await rename(join(run, one), `${folder}/swapped`);
      await rename(join(run, other), join(run, one));
      await rename(`${folder}/swapped`, join(run, other));
    };
    await swap();
    const damage = (await readEvidence(run)).damage.map((line) => line.split(":")[0]);
    await swap();
    expect(damage).toEqual([one, other]);
    await writeFile(join(run, "tables/facts-invented.parquet"), "");
    await symlink("/nowhere", join(run, "evidence/link"));
    const added = (await readEvidence(run)).damage;
    await rm(join(run, "tables/facts-invented.parquet"));
    await rm(join(run, "evidence/link"));
    expect(added).toEqual([
      "evidence/link: is not named in the journal",
      "tables/facts-invented.parquet: is not named in the journal",
    ]);
  });

  test("a killed run, whose journal only ends early, is inconclusive, with the plan that it began with", async () => {
    await rm(join(run, "report.json"));
    const early = `${lines.slice(0, 6).join("\n")}\n`;
    expect((await checkedWith("journal.jsonl", early)).status).toBe(2);
    await appendFile(join(run, "plan.json"), " ");
    const { status, log } = await checkedWith("journal.jsonl", early);
    expect({ status, log }).toEqual({
      status: 1,
      log: expect.stringContaining("plan.json: is not the plan that the journal names at its begin"),
    });
  });
});
