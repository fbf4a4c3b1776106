import type { Plan } from "../core/plan.ts";
import type { Runbook } from "../core/runbook.ts";
import type { System } from "../core/system.ts";
import type { Fault } from "../core/fault.ts";
import type { Clock } from "./clock.ts";
import type { JournalFile } from "./journal-file.ts";
import type { Project } from "./project.ts";
import type { Secrets } from "./secrets.ts";

/** What is shown while a run goes on; the terminal and CI have their own implementations. */
export interface Progress {
  stepBegan(step: string, title: string): void;
  detail(text: string): void;
  stepEnded(outcome: "done" | "failed", durationMs: number, message: string): void;
}

/** A copy of what clients keep, so that a control neither sees nor changes what another stack was given. */
export function copyMemory(memory: ReadonlyMap<string, unknown>): Map<string, unknown> {
  return new Map(
    [...memory].map(([name, value]) => [
      name,
      value instanceof Map ? new Map<unknown, unknown>(value) : value,
    ]),
  );
}

/** Everything that the steps of one run share. */
export interface RunContext {
  readonly runId: string;
  readonly project: Project;
  readonly plan: Plan;
  readonly system: System;
  readonly runbook: Runbook;
  readonly faults: readonly Fault[];
  /** Reports, tables and evidence; may be given to others. */
  readonly runFolder: string;
  /** Deployment, sets and forks, with secrets in them; removed at the end. */
  readonly workFolder: string;
  readonly journal: JournalFile;
  readonly clock: Clock;
  readonly secrets: Secrets;
  /** Image that really runs, by variable of the compose file. */
  readonly images: ReadonlyMap<string, string>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly keep: boolean;
  /** What the system's clients keep between their connections: see ConnectContext. */
  readonly memory: Map<string, unknown>;
  nextSeq(): number;
}

/** The part of it that writing to a system and watching it need. */
export type ClientContext = Pick<
  RunContext,
  "system" | "secrets" | "memory" | "clock" | "progress" | "signal" | "journal" | "nextSeq"
> & { readonly plan: Pick<Plan, "seed" | "scale"> & { readonly drill: Pick<Plan["drill"], "load"> } };
