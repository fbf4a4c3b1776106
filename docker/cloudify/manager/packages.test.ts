import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";

const manifestSchema = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()).default({}),
});

async function versionsIn(path: string): Promise<Record<string, string>> {
  const read = manifestSchema.parse(JSON.parse(await readFile(join(import.meta.dirname, path), "utf8")));
  return { ...read.devDependencies, ...read.dependencies };
}

test("the image gets the versions that the tests run with", async () => {
  const own = await versionsIn("package.json");
  const tested = await versionsIn("../../../package.json");
  expect(Object.keys(own).length).toBeGreaterThan(5);
  for (const [name, version] of Object.entries(own))
    expect(`${name} ${tested[name]}`).toBe(`${name} ${version}`);
});
