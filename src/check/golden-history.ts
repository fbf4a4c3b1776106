import { parse } from "yaml";
import { z } from "zod";
import { findingSchema } from "../core/report.ts";
import { gates } from "../core/verdict.ts";
import { type TableRows } from "./database.ts";
import { tables } from "../core/tables.ts";

/**
 * A golden history: tiny tables, written in YAML, with the findings that one invariant must give. Columns that do not
 * matter have defaults, on one time line: seed writes at 10 × seq, baseline at 100, cuts from 200 to 300, restored at
 * 1000, started at 2000.
 */

const readAtMs = { baseline: 100, restored: 1000, started: 2000 } as const;

const rowDefaults = {
  facts: { kind: "case", op: "create", digest: null, outcome: "ok", epoch: "seed", message: null },
  placements: { kind: "case", component: "store", role: "store", since_gate: "baseline" },
  observations: { gate: "restored", component: "store", kind: "case", digest: null, seq: null, bytes: null },
  target_records: {
    gate: "restored",
    component: "store",
    kind: "case",
    digest: null,
    seq: null,
    bytes: null,
  },
  links: {
    gate: "restored",
    component: "store",
    from_kind: "case",
    to_component: "files",
    to_kind: "blob",
    label: "attachment",
  },
  cuts: { component: "store", backup_id: "backup", began_at: 200, ended_at: 300, artefacts: 1, bytes: 1 },
  artefacts: { component: "store", bytes: 1, sha256: "aa", found_bytes: 1, found_sha256: "aa" },
  steps: {
    component: "set",
    planned: null,
    position: null,
    began_at: null,
    ended_at: null,
    exit_code: null,
    message: null,
  },
  schedules: { policy: "once", repetitions: null, interval_ms: null },
  firings: { due_at: null, state: "done", message: null },
  receipts: { about: "destruction", before: "12 records", after: "absent" },
} as const;

const rawRows = z.array(z.record(z.string(), z.unknown())).default([]);
const componentsByGate = z.partialRecord(z.enum(gates), z.array(z.string())).default({});

const historySchema = z.strictObject({
  /** What the history shows, in one sentence. */
  about: z.string(),
  /** Gates that must speak; none for what is judged once for a run. */
  gates: z.array(z.enum(gates)).default(["restored"]),
  without: z.array(z.string()).default([]),
  /** Components that were read completely, by gate. */
  read: componentsByGate,
  /** Components whose reading failed, by gate. */
  unreadable: componentsByGate,
  /** Whether scheduled executions were watched, from the first write to 8000: whole, or broken after the restore. */
  watch: z.enum(["none", "whole", "broken"]).default("none"),
  tables: z.partialRecord(z.enum(Object.keys(tables)), rawRows),
  verdict: z.enum(["pass", "fail", "unknown", "left-out"]),
  /** Whole findings, without the name of the invariant. */
  findings: z.array(findingSchema.omit({ invariant: true })).default([]),
  /** Words that the reason must contain. */
  why: z.string().optional(),
});

/** A parsed history, its rows complete. */
export interface GoldenHistory extends Omit<
  z.output<typeof historySchema>,
  "tables" | "read" | "unreadable" | "watch"
> {
  readonly rows: TableRows;
}

export function parseHistory(text: string): GoldenHistory {
  const { tables: given, read, unreadable, watch, ...history } = historySchema.parse(parse(text));
  const rowsOf = <Shape extends z.ZodType>(
    schema: Shape,
    table: keyof typeof rowDefaults,
  ): z.output<Shape>[] =>
    (given[table] ?? []).map((row) =>
      schema.parse({ ...rowDefaults[table], ...timesOf(table, row), ...row }),
    );
  return {
    ...history,
    rows: {
      facts: rowsOf(tables.facts, "facts"),
      placements: rowsOf(tables.placements, "placements"),
      observations: rowsOf(tables.observations, "observations"),
      target_records: rowsOf(tables.target_records, "target_records"),
      links: rowsOf(tables.links, "links"),
      cuts: rowsOf(tables.cuts, "cuts"),
      artefacts: rowsOf(tables.artefacts, "artefacts"),
      steps: [
        ...rowsOf(tables.steps, "steps"),
        ...readings(read, 0),
        ...readings(unreadable, 1),
        ...watches(watch),
      ],
      schedules: rowsOf(tables.schedules, "schedules"),
      firings: rowsOf(tables.firings, "firings"),
      receipts: rowsOf(tables.receipts, "receipts"),
    },
  };
}

function timesOf(table: string, row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (table !== "facts" || typeof row["seq"] !== "number") return {};
  const invokedAt = typeof row["invoked_at"] === "number" ? row["invoked_at"] : row["seq"] * 10;
  const isAcknowledged = (row["outcome"] ?? "ok") === "ok";
  return { invoked_at: invokedAt, acked_at: isAcknowledged ? invokedAt + 5 : null };
}

function watches(watch: "none" | "whole" | "broken"): NonNullable<TableRows["steps"]> {
  if (watch === "none") return [];
  const row = { phase: "observe" as const, component: "schedules", planned: null, position: null };
  return [
    { ...row, id: "watch-before", began_at: 1, ended_at: 890, exit_code: 0, message: null },
    {
      ...row,
      id: "watch-restored",
      began_at: 1500,
      ended_at: 8000,
      exit_code: watch === "whole" ? 0 : 1,
      message: watch === "whole" ? null : "it broke",
    },
  ];
}

function readings(
  byGate: z.output<typeof componentsByGate>,
  exitCode: number,
): NonNullable<TableRows["steps"]> {
  return gates.flatMap((gate) =>
    (byGate[gate] ?? []).map((component) => ({
      phase: "observe" as const,
      id: gate,
      component,
      planned: null,
      position: null,
      began_at: readAtMs[gate],
      ended_at: readAtMs[gate],
      exit_code: exitCode,
      message: exitCode === 0 ? null : "the reading timed out",
    })),
  );
}
