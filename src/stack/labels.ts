import { hostname } from "node:os";
import { startTimeOf } from "./process-owner.ts";

/** Labels on everything that a run makes. Only what carries them is ever removed. */

export const runLabel = "io.muster.run";
const ownerLabel = "io.muster.owner";
const keptLabel = "io.muster.folder";

export interface RunLabels {
  readonly [name: string]: string;
}

/** Labels of one run: its id, the process that owns it, and its work folder. */
export function labelsOf(runId: string, workFolder: string): RunLabels {
  return { [runLabel]: runId, [ownerLabel]: ownerOf(process.pid), [keptLabel]: workFolder };
}

/** Machine, process id and start time: a process id alone may have been given to another process since. */
export function ownerOf(pid: number): string {
  return `${hostname()}:${pid}:${startTimeOf(pid) ?? "gone"}`;
}

export type Ownership = "alive" | "left-behind" | "elsewhere";

/** Whether the run that made a labelled thing is still at work on this machine. */
export function ownershipOf(labels: Readonly<Record<string, string>>): Ownership {
  return stateOfOwner(labels[ownerLabel] ?? "");
}

/** The same for the text that `ownerOf` gave. */
export function stateOfOwner(owner: string): Ownership {
  const [machine, pid] = owner.split(":");
  if (machine !== hostname()) return "elsewhere";
  return owner === ownerOf(Number(pid)) && !owner.endsWith(":gone") ? "alive" : "left-behind";
}

/** Work folder of the run that made a labelled thing. */
export function workFolderOf(labels: Readonly<Record<string, string>>): string | undefined {
  return labels[keptLabel];
}
