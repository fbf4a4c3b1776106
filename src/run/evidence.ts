import { lstat, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { MusterError } from "../core/errors.ts";
import { hashLine, readJournal, type JournalEntry } from "../core/journal.ts";
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
    // Whatever is no folder: a link or a pipe that somebody added must be named too.
    if (!derived.test(path) && !(await lstat(join(runFolder, path))).isDirectory()) files.push(path);
  }
  return files;
}

/**
 * Reads a run folder and verifies it: the chain of the journal, and the hash of every file that the journal names.
 * @throws MusterError BAD_RUN_FOLDER where there is no run to read.
 */
export async function readEvidence(runFolder: string): Promise<Evidence> {
  const bytes = await readFile(join(runFolder, "journal.jsonl")).catch(() => {
    throw badFolder(runFolder, "journal.jsonl cannot be read");
  });
  const journal = readJournal(bytes.toString("utf8"));
  const environmentText = await readFile(join(runFolder, "evidence/environment.json"), "utf8").catch(
    () => undefined,
  );
  const environment = environmentSchema.safeParse(parseJson(environmentText ?? ""));
  const files = journal.entries.flatMap((entry) =>
    entry.entry === "file" ? [{ path: entry.path, sha256: entry.sha256, bytes: entry.bytes }] : [],
  );
  const damage = [
    ...notUtf8(bytes),
    ...journal.damage,
    ...(await damageOf(runFolder, files, journal.entries)),
  ];
  const began = journal.entries.find((entry) => entry.entry === "run-began");
  const planText = await readFile(join(runFolder, "plan.json"), "utf8").catch(() => "");
  // A run that was killed has not listed its files, but it has said at its begin which plan it follows.
  if (began !== undefined && !isListed(files, "plan.json") && hashLine(planText) !== began.planSha256)
    damage.push("plan.json: is not the plan that the journal names at its begin");
  const plan = planSchema.safeParse(parseJson(planText));
  if (!plan.success)
    throw damage.length > 0 ? evidenceChanged(damage) : badFolder(runFolder, "plan.json is not a plan");
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

function isListed(files: Evidence["files"], path: string): boolean {
  return files.some((file) => file.path === path);
}

/** Bytes that are no text would be read as the same sign, so that one could stand for another and the hash still hold. */
function notUtf8(bytes: Buffer): string[] {
  const again = Buffer.from(bytes.toString("utf8"));
  if (again.equals(bytes)) return [];
  const at = bytes.findIndex((byte, index) => again[index] !== byte);
  const line = bytes.subarray(0, at).toString("latin1").split("\n").length;
  return [`journal line ${line}: is not UTF-8`];
}

/** Changed evidence may not even be readable; that it was changed is then the whole verdict. */
export function evidenceChanged(damage: readonly string[], cause?: unknown): MusterError {
  return new MusterError("EVIDENCE_CHANGED", {
    message: `not verified: the evidence is not what the run left, and can no longer be judged:\n${damage.map((line) => `  ${line}`).join("\n")}`,
    hint: "judge an untouched copy of the run folder",
    cause,
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
