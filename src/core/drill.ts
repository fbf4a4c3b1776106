import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { MusterError } from "./errors.ts";
import { runResults } from "./verdict.ts";

/** A drill file: what is drilled with which runbook, and what must be reached. Unknown keys are errors. */

/** A deliberate intervention from outside: a command for bash, and the step or block of a runbook after which it runs. */
export const hookSchema = z.strictObject({ after: z.string(), command: z.string() });

export const drillSchema = z.strictObject({
  title: z.string().min(1),
  system: z.string().min(1),
  /** Runbook, relative to the drill file. */
  runbook: z.string().min(1),
  /** What the drill chooses where its system offers a choice: name and value of each setting. */
  settings: z.record(z.string(), z.string()).default({}),
  seed: z.int().nonnegative().default(1),
  scale: z.enum(["small", "medium", "large"]).default("small"),
  objectives: z
    .strictObject({
      /** From the first step of Restore until the application has answered an authenticated read. */
      rtoSeconds: z.number().positive().optional(),
      /** Acknowledged writes that may be missing although they were acknowledged before the backup began. */
      lostAcknowledged: z.int().nonnegative().default(0),
      /** Longest time between a component's cut and the disaster. */
      rpoSeconds: z.number().positive().optional(),
      /** Most acknowledged calls that one store of a backup may hold and another not. */
      skewCalls: z.int().nonnegative().optional(),
      /**
       * Damaged sets that the runbook may put back to its end without a word. A runbook that checks nothing restores whatever
       * it is given, and whoever trusts it learns of the loss from the users.
       */
      acceptedDamage: z.int().nonnegative().optional(),
    })
    .default({ lostAcknowledged: 0 }),
  /** Load on the public API while the backup is taken; without the key, hot procedures run under what the system does by itself. */
  load: z
    .strictObject({
      /** Calls a second, over all workers. */
      perSecond: z.number().positive().optional(),
      /** Calls that are under way side by side, at most. */
      workers: z.int().min(1).max(64).optional(),
      /** Kinds of call beside the creation of records, by the names of the system; all of them where it is left out. */
      mix: z.array(z.string()).optional(),
    })
    .optional(),
  /** Faults that run by default; `orders` stands for every swap and omission of steps; without the key, every default fault that fits. */
  controls: z.array(z.string()).optional(),
  /** What happens to the servers meanwhile; `after` is a step of the run, or `backup/<block>` and `restore/<block>`. */
  hooks: z.array(hookSchema).default([]),
  /** Runs in CI with every change, or only in the weekly set. */
  schedule: z.enum(["every-change", "weekly"]).default("every-change"),
  /**
   * Of a drill that shows a weakness: how it ends, and the invariants that must have findings. It says what to expect of
   * the drill, not what the run means: the result and the exit status stay what they are.
   */
  expect: z
    .strictObject({
      result: z.enum(runResults),
      invariants: z.array(z.string()).default([]),
    })
    .optional(),
  /** What this drill leaves open, said in the report. */
  limits: z.array(z.string()).default([]),
});

export type Drill = z.infer<typeof drillSchema>;
export type Load = NonNullable<Drill["load"]>;

/**
 * @throws MusterError BAD_DRILL naming the key, what was expected and the nearest known key.
 */
export function parseDrill(text: string, file: string): Drill {
  let raw: unknown;
  try {
    raw = parseYaml(text);
  } catch (cause) {
    throw new MusterError("BAD_DRILL", {
      message: `${file}: is not YAML (${String(cause)})`,
      hint: "check the indentation",
      cause,
    });
  }
  const parsed = drillSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const known = [
    ...Object.keys(drillSchema.shape),
    "rtoSeconds",
    "lostAcknowledged",
    "rpoSeconds",
    "skewCalls",
    "perSecond",
    "workers",
    "mix",
    "result",
    "invariants",
  ];
  const issues = parsed.error.issues.map((issue) => {
    const where = issue.path.join(".");
    if (issue.code !== "unrecognized_keys") return `${where || "the file"}: ${issue.message}`;
    return issue.keys
      .map((key) => `unknown key "${[...issue.path, key].join(".")}"${suggest(key, known)}`)
      .join("; ");
  });
  throw new MusterError("BAD_DRILL", {
    message: `${file}: ${issues.join("; ")}`,
    hint: "docs/drill.schema.json lists every key",
  });
}

/** JSON Schema of a drill file, shipped as docs/drill.schema.json for editors. */
export function drillJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(drillSchema, { io: "input" }), null, 2)}\n`;
}

/** Names nearest to what was typed, best first; at most three. */
export function nearestNames(typed: string, known: readonly string[]): string[] {
  const limit = Math.max(2, Math.ceil(typed.length / 2));
  return known
    .map((name) => ({ name, distance: name.includes(typed) ? 1 : editDistance(typed, name) }))
    .filter((candidate) => candidate.distance <= limit)
    .toSorted((left, right) => left.distance - right.distance || left.name.localeCompare(right.name))
    .slice(0, 3)
    .map((candidate) => candidate.name);
}

function suggest(typed: string, known: readonly string[]): string {
  const nearest = nearestNames(typed, known);
  return nearest.length === 0 ? "" : ` (nearest: ${nearest.join(", ")})`;
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
