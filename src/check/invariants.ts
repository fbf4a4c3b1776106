import { readFile, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import { MusterError } from "../core/errors.ts";
import { gates } from "../core/verdict.ts";

/** A gate at which an invariant speaks, or `run` for what is judged once. */
export type JudgedAt = (typeof gates)[number] | "run";

const headerSchema = z.strictObject({
  title: z.string().min(1),
  gates: z.string().transform((text) => text.split(",").map((part) => part.trim())).pipe(z.array(z.enum([...gates, "run"])).min(1)),
  /** FROM clause over which one row is one thing judged; with a column `gate` unless judged once. */
  judges: z.string().min(1),
  /** Whether it calls things absent: then every component must have been read to the end. */
  absence: z.enum(["yes", "no"]).default("no"),
});

export interface Invariant extends z.infer<typeof headerSchema> {
  readonly id: string;
  /** One SELECT; each row is a Finding. */
  readonly sql: string;
}

/** Reads one invariant. @throws MusterError BAD_ARGUMENT naming file and key. */
export function parseInvariant(text: string, file: string): Invariant {
  const lines = text.split("\n");
  const body = lines.findIndex((line) => !line.startsWith("--"));
  const pairs = lines.slice(0, body).map((line) => /^-- (\w+): (.+)$/.exec(line));
  const header = headerSchema.safeParse(Object.fromEntries(pairs.map((match, index) => [match?.[1] ?? `line ${index + 1}`, match?.[2]])));
  if (!header.success) {
    const issue = header.error.issues[0];
    throw new MusterError("BAD_ARGUMENT", {
      message: `${file}: header is wrong at ${issue?.path.join(".") || "its keys"} (${issue?.message})`,
      hint: "each line before the SELECT is `-- key: value` with the keys title, gates, judges and absence",
    });
  }
  return { id: basename(file, ".sql"), ...header.data, sql: lines.slice(body).join("\n").trim().replace(/;$/, "") };
}

/** Every invariant of the folders, by id. @throws MusterError BAD_ARGUMENT where two share an id. */
export async function loadInvariants(folders: readonly string[]): Promise<Invariant[]> {
  const loaded = new Map<string, Invariant>();
  for (const folder of folders) {
    for (const name of (await readdir(folder)).filter((candidate) => candidate.endsWith(".sql"))) {
      const invariant = parseInvariant(await readFile(join(folder, name), "utf8"), join(folder, name));
      if (loaded.has(invariant.id)) throw new MusterError("BAD_ARGUMENT", { message: `two invariants are called ${invariant.id}`, hint: "give a system's own invariant a name of its own" });
      loaded.set(invariant.id, invariant);
    }
  }
  return [...loaded.values()].toSorted((left, right) => left.id.localeCompare(right.id));
}
