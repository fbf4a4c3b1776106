import { digestOf } from "../../stores/digest.ts";

/**
 * What an observer and the workload must agree on: how a record's content is digested. Only content that an acknowledged
 * call decides is part of it; what the engine does by itself when a timer is due is judged as a firing.
 */

/** Variable in which Muster writes its own reference; keys are issued again after a restore and identify nothing. */
export const referenceVariable = "ref";

export const canaryPrefix = "canary-";

/** Processes whose instances move on when a timer is due: their state is no fact. */
export const timerProcesses: ReadonlySet<string> = new Set([
  "timer-duration",
  "timer-date",
  "timer-boundary",
  "timer-boundary-cycle",
]);

/** Processes that nobody starts: they have no reference. */
export function startsByItself(processId: string): boolean {
  return processId.startsWith("timer-start-");
}

export type InstanceState = "ACTIVE" | "COMPLETED" | "CANCELED";

export function instanceKind(processId: string): "process-instance" | "timer-instance" {
  return timerProcesses.has(processId) ? "timer-instance" : "process-instance";
}

export function instanceDigest(processId: string, state: InstanceState): string {
  return digestOf(timerProcesses.has(processId) ? { processId } : { processId, state });
}

export type TaskState = "CREATED" | "COMPLETED" | "CANCELED";

export function taskDigest(task: {
  readonly processId: string;
  readonly element: string;
  readonly assignee: string | null;
  readonly state: TaskState;
}): string {
  return digestOf(task);
}

export function jobDigest(job: {
  readonly type: string;
  readonly retries: number;
  readonly variables: object;
}): string {
  return digestOf(job);
}

export function incidentDigest(incident: { readonly element: string; readonly isOpen: boolean }): string {
  return digestOf(incident);
}

/** Of the value itself: stores write the same JSON with other blanks. */
export function variableDigest(value: unknown): string {
  return digestOf(value);
}

/** `ref/name` */
export function variableId(ref: string, name: string): string {
  return `${ref}/${name}`;
}
