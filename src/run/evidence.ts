import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { MusterError } from "../core/errors.ts";
import { readJournal, type JournalEntry } from "../core/journal.ts";
import { planSchema, type Plan } from "../core/plan.ts";
import { hashFile } from "./backup-set.ts";

/** What really ran and when: written once the stack is up, and hashed into the journal with the rest. */
export const environmentSchema = z.strictObject({
  runId: z.string(),
  musterVersion: z.string(),
  startedAt: z.int(),
  images: z.array(z.strictObject({ service: z.string(), image: z.string(), digest: z.string() })),
  isolation: z.string().nullable(),
});
type RunEnvironment = z.infer<typeof environmentSchema>;

export interface Evidence {
  readonly plan: Plan;
  readonly environment: RunEnvironment;
  readonly entries: readonly JournalEntry[];
  readonly headHash: string;
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly bytes: number }[];
  /** Every way in which the folder is not what the run left; empty when intact. */
  readonly damage: readonly string[];
}

/** Files that are made from the evidence, and so are no part of it. */
const derived = /^(report\.(json|html|md)|junit\.xml|journal\.jsonl|allure-results\/)/;

/** Paths of a run folder that are evidence, in order. */
export async function evidencePaths(runFolder: string): Promise<string[]> {
  const paths = await readdir(runFolder, { recursive: true });
  const files: string[] = [];
  for (const path of paths.toSorted()) {
    if (!derived.test(path) && (await stat(join(runFolder, path))).isFile()) files.push(path);
  }
  return files;
}

/**
 * Reads a run folder and verifies it: the chain of the journal, and the hash of every file that the journal names.
 * @throws MusterError BAD_RUN_FOLDER where there is no run to read.
 */
export async function readEvidence(runFolder: string): Promise<Evidence> {
  const journal = readJournal(await readText(runFolder, "journal.jsonl"));
  const plan = planSchema.safeParse(parseJson(await readText(runFolder, "plan.json")));
  if (!plan.success) throw badFolder(runFolder, "plan.json is not a plan");
  const environmentText = await readFile(join(runFolder, "evidence/environment.json"), "utf8").catch(
    () => undefined,
  );
  const environment = environmentSchema.safeParse(parseJson(environmentText ?? ""));
  const files = journal.entries.flatMap((entry) =>
    entry.entry === "file" ? [{ path: entry.path, sha256: entry.sha256, bytes: entry.bytes }] : [],
  );
  const damage = [...journal.damage, ...(await damageOf(runFolder, files, journal.entries))];
  const began = journal.entries.find((entry) => entry.entry === "run-began");
  return {
    plan: plan.data,
    environment: environment.success
      ? environment.data
      : {
          runId: began?.runId ?? "unknown",
          musterVersion: "unknown",
          startedAt: began?.at ?? 0,
          images: [],
          isolation: null,
        },
    entries: journal.entries,
    headHash: journal.headHash,
    files,
    damage,
  };
}

async function damageOf(
  runFolder: string,
  files: Evidence["files"],
  entries: readonly JournalEntry[],
): Promise<string[]> {
  const damage: string[] = [];
  for (const { path, sha256 } of files) {
    const found = await hashFile(join(runFolder, path)).catch(() => "missing");
    if (found !== sha256)
      damage.push(
        `${path}: ${found === "missing" ? "is missing" : `has sha256 ${found}, the journal says ${sha256}`}`,
      );
  }
  // Only a run that came to its end has listed its files; a killed one cannot be told from one with files added.
  if (entries.some(({ entry }) => entry === "run-ended")) {
    const known = new Set(files.map(({ path }) => path));
    for (const path of await evidencePaths(runFolder))
      if (!known.has(path)) damage.push(`${path}: is not named in the journal`);
  }
  return damage;
}

async function readText(runFolder: string, name: string): Promise<string> {
  return await readFile(join(runFolder, name), "utf8").catch(() => {
    throw badFolder(runFolder, `${name} cannot be read`);
  });
}

function badFolder(runFolder: string, what: string): MusterError {
  return new MusterError("BAD_RUN_FOLDER", {
    message: `${runFolder}: is not a run folder (${what})`,
    hint: "give a folder that `./muster run` made, such as reports/<system>/<drill>/<run>",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
