import { z } from "zod";
import { gates } from "./verdict.ts";

/**
 * The tables of a run: the invariants' only input. Times are milliseconds of the harness's clock, UTC; ids are text.
 * One schema per table is the single home of its columns: rows are parsed by it, and the Parquet types follow from it.
 */

const text = z.string();
const nullableText = z.string().nullable();
const whole = z.int();
const nullableWhole = z.int().nullable();

export const outcomes = ["ok", "fail", "unknown", "barred"] as const;
const epochs = ["seed", "during", "after", "probe", "again"] as const;
export const roles = ["store", "index", "blob", "attributes", "config", "api"] as const;

/** One record found in one component at one gate. `seq` is the version that the record says it has. */
const observed = z.object({
  gate: z.enum(gates),
  component: text,
  kind: text,
  id: text,
  digest: nullableText,
  seq: nullableWhole,
  bytes: nullableWhole,
});

export const tables = {
  /** One write that Muster made through the API. `digest` is null where only the store knows the content. */
  facts: z.object({
    seq: whole,
    kind: text,
    id: text,
    op: z.enum(["create", "update", "delete"]),
    digest: nullableText,
    /** `barred`: refused for a reason of the application that says nothing about its data, such as a licence; nothing changed. */
    outcome: z.enum(outcomes),
    invoked_at: whole,
    acked_at: nullableWhole,
    epoch: z.enum(epochs),
    message: nullableText,
  }),
  /** Where a kind must be found, from which gate on. */
  placements: z.object({ kind: text, component: text, role: z.enum(roles), since_gate: z.enum(gates) }),
  observations: observed,
  /** Of a control over a target that lives: what it held before the restore began, as its own restore had left it. */
  target_records: observed,
  /** One reference found at one gate: a record that points at another, which must be there too. */
  links: z.object({
    gate: z.enum(gates),
    component: text,
    from_kind: text,
    from_id: text,
    to_component: text,
    to_kind: text,
    to_id: text,
    label: text,
  }),
  /** The interval in which one component's backup was taken. */
  cuts: z.object({
    component: text,
    backup_id: text,
    began_at: whole,
    ended_at: whole,
    artefacts: whole,
    bytes: whole,
  }),
  /** What the set held when it was taken, and what was there at restore time (null: not found). */
  artefacts: z.object({
    path: text,
    component: text,
    bytes: nullableWhole,
    sha256: nullableText,
    found_bytes: nullableWhole,
    found_sha256: nullableText,
  }),
  /** One step of the run. `position` counts from 1 in the order of doing; `planned` in the order of the document. */
  steps: z.object({
    phase: z.enum(["run", "backup", "restore", "observe"]),
    id: text,
    component: text,
    planned: nullableWhole,
    position: nullableWhole,
    began_at: nullableWhole,
    ended_at: nullableWhole,
    exit_code: nullableWhole,
    message: nullableText,
  }),
  /** Something that is due at a time. `policy` says what becomes of it when the time passes while the system is down. */
  schedules: z.object({
    id: text,
    /** The first time that it is due. */
    due_at: whole,
    policy: text,
    registered_at: whole,
    /** Of a cycle: how often it is due, null for a cycle without end. */
    repetitions: nullableWhole,
    interval_ms: nullableWhole,
  }),
  /** One execution of a schedule as seen from outside. */
  firings: z.object({
    id: text,
    due_at: nullableWhole,
    fired_at: whole,
    state: text,
    message: nullableText,
  }),
  /** Proofs of destruction and of fault effects: what was there before, what after. */
  receipts: z.object({
    about: z.enum(["destruction", "fault"]),
    subject: text,
    before: text,
    after: text,
  }),
} as const;

export type TableName = keyof typeof tables;
export type Row<Name extends TableName> = z.infer<(typeof tables)[Name]>;

export const tableNames = Object.keys(tables) as readonly TableName[];

export type Fact = Row<"facts">;
export type Placement = Row<"placements">;
export type Observation = Row<"observations">;
export type Link = Row<"links">;
export type Schedule = Row<"schedules">;
export type Firing = Row<"firings">;
export type Cut = Row<"cuts">;
export type Artefact = Row<"artefacts">;
export type StepRow = Row<"steps">;
export type Receipt = Row<"receipts">;
