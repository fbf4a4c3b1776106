import { reasonOf, type Elasticsearch } from "./elasticsearch.ts";
import { ApiError } from "./http.ts";
import { asFields, asFieldsList, asNumber, asText } from "./json.ts";
import { indices } from "./schema.ts";

const snapshotLimitMs = 280_000;

/** One snapshot of a backup, as Elasticsearch describes it. */
export interface Snapshot {
  readonly name: string;
  readonly backupId: number;
  /** SUCCESS, IN_PROGRESS, PARTIAL, FAILED or INCOMPATIBLE. */
  readonly state: string;
  readonly startTimeMs: number;
  readonly failures: readonly string[];
}

/** Name of one part. @see docs.camunda.io, Optimize backup (8.6) */
export function snapshotName({
  backupId,
  version,
  part,
}: {
  readonly backupId: number;
  readonly version: string;
  readonly part: 1 | 2;
}): string {
  return `camunda_optimize_${backupId}_${version}_part_${part}_of_2`;
}

/** Optimize's snapshots in the repository of the backups. */
export class Snapshots {
  readonly #elasticsearch: Elasticsearch;
  readonly #repository: string | undefined;

  constructor(elasticsearch: Elasticsearch, repository: string | undefined) {
    this.#elasticsearch = elasticsearch;
    this.#repository = repository;
  }

  /**
   * Snapshots of one backup, or of all, by name.
   * @throws ApiError 400 where no repository is configured or Elasticsearch has none of that name, UnreachableError
   */
  async list(backupId?: number): Promise<readonly Snapshot[]> {
    const repository = this.#configuredRepository();
    const pattern = backupId === undefined ? "camunda_optimize_*" : `camunda_optimize_${backupId}_*`;
    const { status, json } = await this.#elasticsearch.ask({
      method: "GET",
      path: `/_snapshot/${encodeURIComponent(repository)}/${pattern}`,
    });
    const problem = asText(asFields(json["error"])["type"]);
    if (problem === "repository_missing_exception")
      throw new ApiError(
        400,
        `No repository with name [${repository}] could be found, which Optimize is configured with.`,
      );
    if (problem === "snapshot_missing_exception") return [];
    // The repository is what the server cannot reach: for the caller that is the database out of reach.
    if (status !== 200) throw new ApiError(502, `The snapshots could not be listed: ${reasonOf(json)}`);
    return asFieldsList(json["snapshots"])
      .flatMap((found) => {
        const name = asText(found["snapshot"]) ?? "";
        const id = /^camunda_optimize_(\d+)_/.exec(name)?.[1];
        if (id === undefined) return [];
        return [
          {
            name,
            backupId: Number(id),
            state: asText(found["state"]) ?? "UNKNOWN",
            startTimeMs: asNumber(found["start_time_in_millis"]) ?? 0,
            failures: asFieldsList(found["failures"]).map((failure) => JSON.stringify(failure)),
          },
        ];
      })
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Takes one part and waits for its end. Part 1 is the import positions, part 2 everything else of Optimize.
   * @throws Error with Elasticsearch's reason, UnreachableError
   */
  async take(name: string, part: 1 | 2): Promise<void> {
    const names = part === 1 ? [indices.positions] : await this.#otherIndices();
    const answer = await this.#elasticsearch.demand({
      method: "PUT",
      path: `/_snapshot/${encodeURIComponent(this.#configuredRepository())}/${name}?wait_for_completion=true`,
      body: { indices: names.join(","), feature_states: ["none"], include_global_state: true },
      limitMs: snapshotLimitMs,
    });
    const state = asText(asFields(answer["snapshot"])["state"]);
    if (state !== "SUCCESS") throw new Error(`snapshot ${name} ended as ${state ?? "unknown"}`);
  }

  async delete(name: string): Promise<void> {
    await this.#elasticsearch.demand({
      method: "DELETE",
      path: `/_snapshot/${encodeURIComponent(this.#configuredRepository())}/${name}`,
    });
  }

  async #otherIndices(): Promise<readonly string[]> {
    const answer = await this.#elasticsearch.demand({ method: "GET", path: "/_resolve/index/optimize-*" });
    return asFieldsList(answer["indices"]).flatMap(({ name }) => {
      const text = asText(name);
      return text === undefined || text === indices.positions ? [] : [text];
    });
  }

  #configuredRepository(): string {
    if (this.#repository !== undefined) return this.#repository;
    throw new ApiError(
      400,
      "Cannot execute backup request because no Elasticsearch snapshot repository name found in Optimize configuration.",
    );
  }
}
