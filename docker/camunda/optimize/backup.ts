import type { DoneState } from "./config.ts";
import { ApiError } from "./http.ts";
import type { Fields } from "./json.ts";
import { snapshotName, type Snapshot, type Snapshots } from "./snapshots.ts";

const expectedParts = 2;

/**
 * State of a backup by the states of its snapshots, in the product's order of precedence.
 * @see camunda/camunda 8.6, optimize BackupService: the states and which comes first
 */
export function backupState(states: readonly string[]): string {
  const successes = states.filter((state) => state === "SUCCESS").length;
  if (successes === expectedParts) return "COMPLETED";
  if (states.includes("FAILED") || states.includes("PARTIAL")) return "FAILED";
  if (states.includes("INCOMPATIBLE")) return "INCOMPATIBLE";
  if (states.includes("IN_PROGRESS")) return "IN_PROGRESS";
  // More snapshots of the name than a backup has: someone took one by hand.
  return successes < expectedParts ? "INCOMPLETE" : "FAILED";
}

/** Time as the product's API shows it, `2022-11-09T10:11:36.978+0000`. */
function timeText(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "+0000");
}

interface SeenBackup {
  readonly backupId: number;
  readonly isRunning: boolean;
  readonly found: readonly Snapshot[];
}

/** Optimize's backups: two snapshots each, taken one after the other. */
export class Backups {
  readonly #snapshots: Snapshots;
  readonly #version: string;
  readonly #doneState: DoneState;
  /** Backup that is being requested or taken at the moment. */
  #running: number | undefined;
  /** Why a part could not be taken, for as long as this process lives: a part that never began leaves no snapshot. */
  readonly #problems = new Map<number, string>();

  constructor(
    snapshots: Snapshots,
    { version, doneState }: { readonly version: string; readonly doneState: DoneState },
  ) {
    this.#snapshots = snapshots;
    this.#version = version;
    this.#doneState = doneState;
  }

  /** Begins a backup and does not wait for its end. @throws ApiError 400, 409, 502 */
  async begin(backupId: number): Promise<void> {
    if (this.#running !== undefined)
      throw new ApiError(409, `Backup with ID [${this.#running}] is still in progress.`);
    this.#running = backupId;
    try {
      const found = await this.#snapshots.list(backupId);
      if (found.length > 0)
        throw new ApiError(
          409,
          `A backup with ID [${backupId}] already exists. Found snapshots: [${found.map(({ name }) => name).join(", ")}]`,
        );
    } catch (thrown) {
      this.#running = undefined;
      throw thrown;
    }
    this.#problems.delete(backupId);
    void this.#take(backupId);
  }

  /** @throws ApiError 400, 404, 502 */
  async read(backupId: number): Promise<Fields> {
    // Asked before the list is read: a backup that ends meanwhile must not be judged by the parts it had before.
    const isRunning = this.#running === backupId;
    const found = await this.#snapshots.list(backupId);
    if (found.length === 0 && !isRunning && !this.#problems.has(backupId))
      throw new ApiError(404, `No Optimize backup with ID [${backupId}] could be found.`);
    return this.#describe({ backupId, isRunning, found });
  }

  /** @throws ApiError 400, 502 */
  async readAll(): Promise<readonly Fields[]> {
    const running = this.#running;
    const byId = Map.groupBy(await this.#snapshots.list(), ({ backupId }) => backupId);
    return [...byId]
      .toSorted(([a], [b]) => a - b)
      .map(([backupId, found]) => this.#describe({ backupId, isRunning: backupId === running, found }));
  }

  /** @throws ApiError 400, 404, 502 */
  async delete(backupId: number): Promise<void> {
    const found = await this.#snapshots.list(backupId);
    if (found.length === 0)
      throw new ApiError(404, `No Optimize backup with ID [${backupId}] could be found.`);
    for (const { name } of found) await this.#snapshots.delete(name);
    this.#problems.delete(backupId);
    console.log(`backup ${backupId} deleted`);
  }

  async #take(backupId: number): Promise<void> {
    try {
      for (const part of [1, 2] as const) {
        const name = snapshotName({ backupId, version: this.#version, part });
        console.log(`backup ${backupId}: taking ${name}`);
        await this.#snapshots.take(name, part);
      }
      console.log(`backup ${backupId} is complete`);
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      this.#problems.set(backupId, reason);
      console.log(`backup ${backupId} failed: ${reason}`);
    } finally {
      this.#running = undefined;
    }
  }

  #describe(seen: SeenBackup): Fields {
    const { backupId, found } = seen;
    const problem = this.#problems.get(backupId);
    const state = this.#stateOf(seen);
    const failed = found.filter((snapshot) => snapshot.state === "FAILED").map(({ name }) => name);
    const failureReason =
      state === "FAILED" ? (problem ?? `The following snapshots failed: [${failed.join(", ")}]`) : null;
    return {
      backupId,
      failureReason,
      state,
      details: found.map(({ name, state, startTimeMs, failures }) => ({
        snapshotName: name,
        state,
        startTime: timeText(startTimeMs),
        failures,
      })),
    };
  }

  #stateOf({ isRunning, found }: SeenBackup): string {
    // Between the two parts no snapshot is in progress, but the backup is.
    if (isRunning) return "IN_PROGRESS";
    if (found.length === 0) return "FAILED";
    const state = backupState(found.map((snapshot) => snapshot.state));
    return state === "COMPLETED" ? this.#doneState : state;
  }
}
