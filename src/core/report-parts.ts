import { z } from "zod";
import { outcomes } from "./tables.ts";

/** Parts of `report.json` about what is due at a time, and about what a restored system was asked to prove. */

/** States of a schedule, the most serious first. */
export const scheduleStates = [
  "repeated",
  "lost",
  "unknown",
  "late",
  "refused",
  "on-time",
  "going-on",
  "ended",
  "not-due",
  "gone",
] as const;

export const scheduleSchema = z.strictObject({
  id: z.string(),
  /** Of a cycle, the first time. */
  dueAt: z.int(),
  policy: z.string(),
  /** Executions that count after the restore: before the backup began, and since the restore. */
  firings: z.int().nonnegative(),
  /** First execution since the restore; without one, the first before the backup ended. */
  firedAt: z.int().nullable(),
  /** Only of an execution since the restore. */
  latenessMs: z.int().nullable(),
  /**
   * `repeated`: executed after the backup and, as the restored system cannot know that, again since the restore. `gone`:
   * made due once the backup had begun, so it need not come back. `refused`: the restored system said that it will not
   * execute it. `unknown`: nobody watched after the restore.
   */
  state: z.enum(scheduleStates),
});

const nonNegative = z.int().nonnegative();

/** How late executions since the restore were: how many in each span, the last of which has no end. */
export const latenessSchema = z.strictObject({
  count: nonNegative,
  /** Executions before their time. */
  early: nonNegative,
  p50Ms: z.int(),
  p95Ms: z.int(),
  p99Ms: z.int(),
  maxMs: z.int(),
  spans: z.array(
    z.strictObject({ fromMs: z.int().nullable(), toMs: z.int().nullable(), count: nonNegative }),
  ),
});

/** One case that a restored system was put to, with what was expected and what was seen, in words. */
export const caseSchema = z.strictObject({
  kind: z.string(),
  id: z.string(),
  outcome: z.enum(outcomes),
  words: z.string(),
});

export type ScheduleResult = z.infer<typeof scheduleSchema>;
export type Lateness = z.infer<typeof latenessSchema>;
export type ProvedCase = z.infer<typeof caseSchema>;
