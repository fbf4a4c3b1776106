import { z } from "zod";
import { caseSchema, latenessSchema, scheduleSchema } from "./report-parts.ts";
import { gates, runResults } from "./verdict.ts";

/** The shape of `report.json`: what a run found, for people and for other programs. Shipped as a JSON Schema. */

const verdict = z.enum(["pass", "fail", "unknown"]);
const milliseconds = z.number().nonnegative();

export const findingSchema = z.strictObject({
  invariant: z.string(),
  gate: z.enum([...gates, "run"]),
  component: z.string(),
  kind: z.string(),
  subject: z.string(),
  expected: z.string(),
  actual: z.string(),
  because: z.string(),
});

/** One invariant over one run (or one control): merged over its gates, with the count of what was judged at each. */
const checkSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  verdict,
  gates: z.array(
    z.strictObject({
      gate: z.enum([...gates, "run"]),
      verdict,
      judged: z.int().nonnegative(),
      findings: z.int().nonnegative(),
      why: z.string(),
    }),
  ),
  /** At most `findingLimit` are listed; `findingCount` counts all. */
  findings: z.array(findingSchema),
  findingCount: z.int().nonnegative(),
  why: z.string(),
});

const controlOutcomes = ["refused", "caught", "harmless", "misattributed", "missed", "unknown"] as const;

const controlSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  source: z.string(),
  outcome: z.enum(controlOutcomes),
  /** Invariants that had to catch it, and those that had findings. */
  expectedInvariants: z.array(z.string()),
  caughtBy: z.array(z.string()),
  gate: z.enum([...gates, "run"]).nullable(),
  /** True where the fault was in the set before its manifest was written, so that the runbook cannot see it. */
  sealed: z.boolean(),
  /** True of the control without any fault: a finding in it is a false alarm. It counts neither as injected nor as caught. */
  healthy: z.boolean().default(false),
  /** Step of the runbook that refused it, or that put the damage back without noticing. */
  step: z.string().nullable().default(null),
  durationMs: milliseconds,
  effects: z.array(z.strictObject({ subject: z.string(), before: z.string(), after: z.string() })),
  /** Reason of a refusal, or the first finding in words. */
  why: z.string(),
  findings: z.array(findingSchema),
});

/** A call by its number, and when it was acknowledged. */
const callSchema = z.strictObject({ operation: z.int(), acknowledgedAt: z.int() });

const positionSchema = z.strictObject({
  /** The gate at which it was looked at: `started` where it cannot be read before. */
  gate: z.enum(["restored", "started"]),
  /** The last acknowledged call whose writes it holds, and the first of which something is missing. */
  lastContained: callSchema.nullable(),
  firstMissing: callSchema.nullable(),
  /** Calls acknowledged by then of which something is missing. */
  missingAtBackupEnd: z.int().nonnegative(),
  missingAtDisaster: z.int().nonnegative(),
  /** The first of them, and those of which a part is there. */
  missingOperations: z.array(z.int()),
  partly: z.array(z.int()),
  /** Against each other component: calls that only one of the two holds, and the time between their last ones. */
  skew: z.array(
    z.strictObject({
      against: z.string(),
      onlyHere: z.int().nonnegative(),
      onlyThere: z.int().nonnegative(),
      operations: z.array(z.int()),
      milliseconds,
    }),
  ),
});

/** What the load met in each part of time around a backup. */
const loadSchema = z.array(
  z.strictObject({
    phase: z.enum(["before", "during", "after"]),
    calls: z.int().nonnegative(),
    ok: z.int().nonnegative(),
    refused: z.int().nonnegative(),
    unknown: z.int().nonnegative(),
    /** Acknowledged calls a second. */
    perSecond: z.number().nonnegative(),
    /** Times to the acknowledgement; null where no call was acknowledged. */
    p50Ms: milliseconds.nullable(),
    p95Ms: milliseconds.nullable(),
    p99Ms: milliseconds.nullable(),
    maxMs: milliseconds.nullable(),
  }),
);

/**
 * Differences between what was written and what the stores hold before the application starts, or between two stores.
 * `repairable`: in an index alone, which can be built again from its store. `torn`: a record without what it refers to.
 * `left-over`: a file to which nothing refers. A write that was under way at the cut counts where two stores differ, and
 * is neither lost nor a ghost.
 */
const differenceSchema = z.strictObject({
  meaning: z.enum(["lost", "resurrected", "ghost", "torn", "repairable", "left-over"]),
  count: z.int().nonnegative(),
  examples: z.array(
    z.strictObject({
      component: z.string(),
      kind: z.string(),
      subject: z.string(),
      operation: z.int().nullable(),
      what: z.string(),
    }),
  ),
});

/** Records counted as a loss; null where nobody looked, which is no zero. */
const loss = z.int().nonnegative().nullable();

const componentRpoSchema = z.strictObject({
  component: z.string(),
  /** Acknowledged before this component's cut began and missing afterwards. */
  lostAcknowledged: loss,
  resurrected: loss,
  unexplained: loss,
  /** Acknowledged after the cut and before the disaster: lost by design of the procedure. */
  afterCut: z.int().nonnegative(),
  cutBeganAt: z.int().nullable(),
  cutEndedAt: z.int().nullable(),
  windowMs: milliseconds.nullable(),
  /** Left out where nothing can be told of it. */
  position: positionSchema.optional(),
});

export const reportSchema = z.strictObject({
  formatVersion: z.literal(1),
  result: z.enum(runResults),
  /** The result in one sentence. */
  because: z.string(),
  /** What the drill says that it ends with; null where it expects nothing in particular. */
  expected: z.strictObject({ result: z.enum(runResults), invariants: z.array(z.string()) }).nullable(),
  drill: z.string(),
  system: z.string(),
  systemTitle: z.string(),
  mode: z.string(),
  variant: z.string(),
  seed: z.int(),
  scale: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  runId: z.string(),
  musterVersion: z.string(),
  runbook: z.strictObject({ file: z.string(), sha256: z.string(), title: z.string() }),
  components: z.array(
    z.strictObject({
      id: z.string(),
      store: z.string(),
      service: z.string(),
      image: z.string(),
      digest: z.string(),
      standIn: z.string().optional(),
    }),
  ),
  counts: z.array(
    z.strictObject({
      component: z.string(),
      kind: z.string(),
      baseline: z.int().nullable(),
      restored: z.int().nullable(),
      started: z.int().nullable(),
    }),
  ),
  recovery: z.strictObject({
    rtoMs: milliseconds.nullable(),
    phases: z.array(
      z.strictObject({ id: z.string(), component: z.string(), beganAt: z.int(), durationMs: milliseconds }),
    ),
    /** Over all components: what was found, or null where none was found and one of them was not read to its end. */
    rpo: z.strictObject({
      lostAcknowledged: loss,
      resurrected: loss,
      unexplained: loss,
      windowMs: milliseconds.nullable(),
      perComponent: z.array(componentRpoSchema),
      differences: z.array(differenceSchema).optional(),
    }),
    /** Only of a backup that was taken under load. */
    load: loadSchema.optional(),
  }),
  steps: z.array(
    z.strictObject({
      phase: z.string(),
      id: z.string(),
      component: z.string(),
      /** Place in the order of the document, from 1; null where it is no step of the document. */
      planned: z.int().nullable().default(null),
      beganAt: z.int().nullable(),
      durationMs: milliseconds.nullable(),
      exitCode: z.int().nullable(),
      message: z.string(),
    }),
  ),
  checks: z.array(checkSchema),
  controls: z.strictObject({
    injected: z.int().nonnegative(),
    /** Caught by a named invariant or refused by the runbook with a reason. */
    caught: z.int().nonnegative(),
    missed: z.array(z.string()),
    misattributed: z.array(z.string()),
    unknown: z.array(z.string()),
    rate: z.number().min(0).max(1).nullable(),
    list: z.array(controlSchema),
  }),
  schedules: z.array(scheduleSchema),
  /** Null where nothing that was due at a time was executed since the restore. */
  lateness: latenessSchema.nullable().default(null),
  /** Calls after the restore that say what they expected and what they saw; all of them. */
  cases: z.array(caseSchema).default([]),
  objectives: z.array(
    z.strictObject({
      id: z.string(),
      target: z.string(),
      measured: z.string(),
      met: z.boolean().nullable(),
    }),
  ),
  /** Deliberate interventions from outside: hooks. */
  interventions: z.array(z.strictObject({ after: z.string(), command: z.string(), exitCode: z.int() })),
  limits: z.array(z.string()),
  journal: z.strictObject({ entries: z.int(), headHash: z.string() }),
  files: z.array(z.strictObject({ path: z.string(), sha256: z.string(), bytes: z.int().nonnegative() })),
});

export type Report = z.infer<typeof reportSchema>;
export type CheckResult = z.infer<typeof checkSchema>;
export type ControlResult = z.infer<typeof controlSchema>;
export type ComponentRpo = z.infer<typeof componentRpoSchema>;
export type ComponentPosition = z.infer<typeof positionSchema>;
export type LoadMeasures = z.infer<typeof loadSchema>;

/** Whether a run ended as its drill says; undefined where the drill says nothing. */
export function isAsExpected({
  result,
  expected,
  checks,
}: Pick<Report, "result" | "expected" | "checks">): boolean | undefined {
  if (expected === null) return undefined;
  const failed = new Set(checks.filter(({ verdict }) => verdict === "fail").map(({ id }) => id));
  return result === expected.result && expected.invariants.every((id) => failed.has(id));
}

/** Findings listed per check; the count is always exact. */
export const findingLimit = 200;
