/** Statuses of executions. Source: cloudify-common, `models_states.py`. */
export const endStatuses = ["terminated", "failed", "cancelled"] as const;
export const activeStatuses = [
  "pending",
  "started",
  "cancelling",
  "force_cancelling",
  "kill_cancelling",
] as const;
const waitingStatuses = ["scheduled", "queued"] as const;

export type Status =
  (typeof endStatuses)[number] | (typeof activeStatuses)[number] | (typeof waitingStatuses)[number];

export function isEnd(status: string): boolean {
  return endStatuses.some((end) => end === status);
}

/** The client's lists show `completed` where the row says `terminated`. */
export function statusDisplay(status: string): string {
  return status === "terminated" ? "completed" : status;
}
