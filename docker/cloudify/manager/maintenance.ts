import type { Clock } from "./clock.ts";
import type { Conformance } from "./config.ts";
import type { Database } from "./database.ts";
import { ApiError } from "./errors.ts";
import { endStatuses } from "./statuses.ts";

type MaintenanceStatus = "deactivated" | "activating" | "activated";

interface MaintenanceState {
  readonly status: MaintenanceStatus;
  readonly activated_at: string;
  readonly activation_requested_at: string;
  readonly remaining_executions: readonly Remaining[] | null;
  readonly requested_by: string;
}

interface Remaining {
  readonly id: string;
  readonly status: string;
  readonly workflow_id: string;
  readonly deployment_id: string | null;
}

interface ModeRow {
  readonly status: "activating" | "activated";
  readonly activation_requested_at: Date;
  readonly activated_at: Date | null;
  readonly requested_by: string;
}

/** `deactivated` (no row), `activating` while something is unfinished, `activated` from the first request after that. */
export class Maintenance {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #conformance: Conformance;

  constructor(database: Database, clock: Clock, conformance: Conformance) {
    this.#database = database;
    this.#clock = clock;
    this.#conformance = conformance;
  }

  /** What keeps the mode from being entered; in `code` that is also what is only scheduled, for however late. */
  async #remaining(): Promise<Remaining[]> {
    const settled = this.#conformance === "code" ? endStatuses : [...endStatuses, "scheduled"];
    return await this.#database.rows<Remaining>(
      `SELECT e.id, e.status, e.workflow_id, d.id AS deployment_id FROM executions e
       LEFT JOIN deployments d ON d._storage_id = e._deployment_fk WHERE e.status <> ALL($1) ORDER BY e._storage_id`,
      [settled],
    );
  }

  async state(): Promise<MaintenanceState> {
    const mode = await this.#mode();
    if (mode === undefined)
      return {
        status: "deactivated",
        activated_at: "",
        activation_requested_at: "",
        remaining_executions: null,
        requested_by: "",
      };
    return {
      status: mode.status,
      activated_at: mode.activated_at?.toISOString() ?? "",
      activation_requested_at: mode.activation_requested_at.toISOString(),
      remaining_executions: mode.status === "activating" ? await this.#remaining() : null,
      requested_by: mode.requested_by,
    };
  }

  /** Where it is being entered and nothing is left, it is entered now. */
  async refresh(): Promise<MaintenanceStatus> {
    const mode = await this.#mode();
    if (mode === undefined) return "deactivated";
    if (mode.status === "activated" || (await this.#remaining()).length > 0) return mode.status;
    await this.#database.rows(
      "UPDATE maintenance_mode SET status = 'activated', activated_at = $1 WHERE status = 'activating'",
      [this.#clock.stamp()],
    );
    return "activated";
  }

  /** @returns whether anything changed */
  async activate(username: string): Promise<boolean> {
    if ((await this.#mode()) !== undefined) return false;
    await this.#database.rows(
      "INSERT INTO maintenance_mode (status, activation_requested_at, requested_by) VALUES ('activating', $1, $2)",
      [this.#clock.stamp(), username],
    );
    await this.refresh();
    return true;
  }

  /** @returns whether anything changed */
  async deactivate(): Promise<boolean> {
    return (await this.#database.rows("DELETE FROM maintenance_mode RETURNING id")).length > 0;
  }

  async #mode(): Promise<ModeRow | undefined> {
    return await this.#database.row<ModeRow>("SELECT * FROM maintenance_mode ORDER BY id DESC LIMIT 1");
  }
}

const allowedWhenActivated = [
  "brokers",
  "managers",
  "db-nodes",
  "cluster",
  "cluster-status",
  "config",
  "status",
  "version",
  "license",
  "maintenance",
  "snapshots",
  "snapshot-status",
  "provider",
];

const blockedWhenEntering = [
  /^(snapshots|deployments)\/[^/]+$/,
  /^executions(\/[^/]+)?$/,
  /^deployment-modifications/,
];

/**
 * @param path below `/api/v3.1/`
 * @throws ApiError 503 where the mode forbids the request
 */
export function ensureAllowed(status: MaintenanceStatus, method: string, path: string): void {
  const [resource = ""] = path.split("/");
  if (status === "activated" && !allowedWhenActivated.includes(resource))
    throw new ApiError(
      503,
      "maintenance_mode_active",
      "Your request was rejected since Cloudify Manager is currently in maintenance mode",
    );
  if (status !== "activating") return;
  const isWrite = ["POST", "PUT", "PATCH"].includes(method);
  const isBlocked = isWrite && blockedWhenEntering.some((pattern) => pattern.test(path));
  if (isBlocked || /^snapshots\/[^/]+\/restore$/.test(path))
    throw new ApiError(
      503,
      "entering_maintenance_mode",
      "Your request was rejected since Cloudify Manager is currently entering maintenance mode",
    );
}
