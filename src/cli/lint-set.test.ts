import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runMuster } from "./muster-process.ts";

/** A system whose sets are named by the path that is given: `good`, `bad`, `open`, `none`. */
const system = `
const findings = {
  good: [],
  bad: [{ kind: "doubt", subject: "b", problem: "not known" }, { kind: "fault", subject: "a", problem: "missing" }],
  open: [{ kind: "doubt", subject: "b", problem: "not known" }],
};
export default {
  id: "listed", stack: {}, components: [], connect: () => {},
  lintSet: async (names) => ({
    sets: names.filter((name) => name !== "none").map((name, at) => ({
      id: String(at + 1), takenMs: at * 1000, components: [{ component: "rows", held: "1/1" }], findings: findings[name],
    })),
    notes: [], limits: ["content is not read"],
  }),
};
`;

describe("lint-set", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "muster-lint-set-"));
    await mkdir(join(folder, "src/systems/listed"), { recursive: true });
    await writeFile(join(folder, "src/systems/listed/system.ts"), system);
    await writeFile(join(folder, "package.json"), '{"type":"module"}');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const lintSet = (...words: string[]) =>
    runMuster(["lint-set", ...words], { environment: { MUSTER_PROJECT: folder } });

  test("the newest set decides the exit status", async () => {
    expect((await lintSet("listed", "bad", "good")).status).toBe(0);
    expect((await lintSet("listed", "good", "bad")).status).toBe(1);
    expect((await lintSet("listed", "good", "open")).status).toBe(2);
    expect((await lintSet("listed", "none")).status).toBe(2);
  });

  test("the answer comes first, then a table, then the reasons, faults before doubts", async () => {
    const { output, log } = await lintSet("listed", "good", "bad");
    expect(log).toBe("");
    expect(output).toBe(
      `
NOT RESTORABLE  newest set 2
  2 sets, restorable: 1

  set  taken                     rows  verdict
  2    1970-01-01T00:00:01.000Z  1/1   not restorable
  1    1970-01-01T00:00:00.000Z  1/1   restorable

  2              a: missing
                 b: not known

  not proven     content is not read
`,
    );
  });

  test("with --json there is one object and nothing else", async () => {
    const { output } = await lintSet("listed", "good", "--json");
    expect(JSON.parse(output)).toEqual({
      verdict: "restorable",
      newest: "1",
      sets: [
        {
          id: "1",
          taken: "1970-01-01T00:00:00.000Z",
          verdict: "restorable",
          components: [{ component: "rows", held: "1/1" }],
          findings: [],
        },
      ],
      notes: [],
      limits: ["content is not read"],
    });
  });

  test("a system that cannot judge a listing, and one that is not there, are bad input", async () => {
    expect(await lintSet("tutorial", folder)).toMatchObject({ status: 3, output: "" });
    expect(await lintSet("lister", folder)).toMatchObject({ status: 3, output: "" });
  });
});
