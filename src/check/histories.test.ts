import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { openDatabase } from "./database.ts";
import { parseHistory } from "./golden-history.ts";
import { loadInvariants } from "./invariants.ts";
import { judgeDatabase } from "./judge.ts";

const projectFolder = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const historiesFolder = join(projectFolder, "fixtures/histories");
const systemFolders = globSync("src/systems/*/invariants", { cwd: projectFolder }).map((folder) =>
  join(projectFolder, folder),
);
// Invariants of two systems may have one name, so each system is loaded beside the shared ones.
const shared = await loadInvariants([join(projectFolder, "src/check/invariants")]);
const ofSystems = (
  await Promise.all(systemFolders.map(async (folder) => await loadInvariants([folder])))
).flat();

describe.each([...shared, ...ofSystems].map((invariant) => ({ id: invariant.id, invariant })))(
  "$id",
  ({ id, invariant }) => {
    const folder = join(historiesFolder, id);
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".yaml")) : [];

    test("has a history that passes, one that fails and one that is unknown", () => {
      expect(names).toEqual(expect.arrayContaining(["pass.yaml", "fail.yaml", "unknown.yaml"]));
    });

    test.each(names.toSorted())("%s", async (name) => {
      const history = parseHistory(readFileSync(join(folder, name), "utf8"));
      await using database = await openDatabase({ rows: history.rows });
      const results = await judgeDatabase(database, {
        invariants: [invariant],
        gates: history.gates,
        without: history.without,
      });
      const result = results[0];
      expect({
        verdict: result?.verdict ?? "left-out",
        findings: result?.findings ?? [],
      }).toEqual({
        verdict: history.verdict,
        findings: history.findings.map((finding) => ({ invariant: id, ...finding })),
      });
      if (history.why !== undefined) expect(result?.why).toContain(history.why);
      expect(name.startsWith(history.verdict) || history.verdict === "left-out").toBe(true);
      if (history.verdict === "fail") expect(history.findings).not.toEqual([]);
    });
  },
);

test("every history belongs to an invariant", () => {
  const ids = new Set([...shared, ...ofSystems].map(({ id }) => id));
  const orphans = readdirSync(historiesFolder).filter((name) => !ids.has(name));
  expect(orphans).toEqual([]);
});
