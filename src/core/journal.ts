import { createHash } from "node:crypto";
import { z } from "zod";

/**
 * The journal: append-only JSON lines of everything done and seen in one run. Each line carries the hash of the line
 * before it, and a seal after the last one carries the hash of that, so that a changed, removed, added or reordered line
 * shows. Whoever writes all of it anew is found out only by its head hash, kept elsewhere.
 */

const when = { seq: z.int().nonnegative(), at: z.int(), previous: z.string() };

const entrySchemas = [
  z.strictObject({ ...when, entry: z.literal("run-began"), runId: z.string(), planSha256: z.string() }),
  z.strictObject({ ...when, entry: z.literal("step-began"), step: z.string() }),
  z.strictObject({
    ...when,
    entry: z.literal("step-ended"),
    step: z.string(),
    outcome: z.enum(["done", "failed"]),
    durationMs: z.number(),
    message: z.string(),
  }),
  /** A block of the runbook: exit status and the last of what it said. */
  z.strictObject({
    ...when,
    entry: z.literal("block"),
    part: z.enum(["backup", "restore"]),
    id: z.string(),
    component: z.string(),
    exitCode: z.int(),
    durationMs: z.number(),
    output: z.string(),
    control: z.string().nullable(),
  }),
  z.strictObject({ ...when, entry: z.literal("note"), about: z.string(), text: z.string() }),
  z.strictObject({
    ...when,
    entry: z.literal("intervention"),
    after: z.string(),
    command: z.string(),
    exitCode: z.int(),
    output: z.string(),
  }),
  z.strictObject({
    ...when,
    entry: z.literal("control"),
    id: z.string(),
    /** What happened; caught, missed and misattributed follow from the control's tables. */
    ended: z.enum(["refused", "observed", "unknown"]),
    why: z.string(),
    durationMs: z.number(),
  }),
  z.strictObject({
    ...when,
    entry: z.literal("file"),
    path: z.string(),
    sha256: z.string(),
    bytes: z.int().nonnegative(),
  }),
  z.strictObject({
    ...when,
    entry: z.literal("run-ended"),
    outcome: z.enum(["complete", "stopped", "interrupted"]),
    message: z.string(),
  }),
] as const;

export const journalEntrySchema = z.discriminatedUnion("entry", entrySchemas);
export type JournalEntry = z.infer<typeof journalEntrySchema>;
type WithoutChain<Entry> = Entry extends unknown ? Omit<Entry, "seq" | "previous"> : never;
/** An entry as written by the kernel; the journal itself adds its number and the hash of the line before. */
export type NewEntry = WithoutChain<JournalEntry>;

/** Hash that the first line names as its predecessor. */
export const chainStart = "0".repeat(64);

export function hashLine(line: string): string {
  return createHash("sha256").update(line).digest("hex");
}

/** What follows the last entry of a run that came to its end. */
export function sealLine(headHash: string): string {
  return JSON.stringify({ seal: headHash });
}

export interface JournalReading {
  readonly entries: readonly JournalEntry[];
  readonly headHash: string;
  /** Every way in which the file is not what was written, with its line number; empty when intact. */
  readonly damage: readonly string[];
}

/** Parses and verifies a journal; damage is collected, never thrown. */
export function readJournal(text: string): JournalReading {
  const lines = text.split("\n");
  const damage: string[] = [];
  if (lines.pop() !== "") damage.push(`journal line ${lines.length + 1}: is cut off`);
  if (lines.length === 0) damage.push("journal line 1: is missing");
  const entries: JournalEntry[] = [];
  let previous = chainStart;
  const hasEnded = () => entries.at(-1)?.entry === "run-ended";
  for (const [index, line] of lines.entries()) {
    if (hasEnded() && index === lines.length - 1 && line === sealLine(previous))
      return { entries, headHash: previous, damage };
    if (hasEnded()) damage.push(`journal line ${index + 1}: is not the seal of the line before it`);
    const parsed = journalEntrySchema.safeParse(parseJson(line));
    if (!parsed.success) {
      damage.push(`journal line ${index + 1}: is not a journal entry`);
    } else {
      if (parsed.data.previous !== previous)
        damage.push(`journal line ${index + 1}: does not follow from the line before it`);
      if (parsed.data.seq !== index)
        damage.push(`journal line ${index + 1}: has number ${parsed.data.seq}, expected ${index}`);
      entries.push(parsed.data);
    }
    previous = hashLine(line);
  }
  if (hasEnded()) damage.push(`journal line ${lines.length + 1}: is missing, it seals the line before it`);
  return { entries, headHash: previous, damage };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // Reported by the caller as "is not a journal entry".
  }
}
