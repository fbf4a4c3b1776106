/** Settings of the stand-in. Names are those of Optimize 8.6 but for `STAND_IN_BACKUP_STATE`. */
export interface Config {
  readonly elasticsearchUrl: string;
  /** Beginning of the names of the indices that Zeebe's exporter writes. */
  readonly zeebePrefix: string;
  /** 0 where the import from Zeebe is switched off. */
  readonly partitionCount: number;
  /** Undefined where no repository is configured: then every backup call is refused. */
  readonly repository: string | undefined;
  readonly version: string;
  /** State of a backup that is done: the product's code says one, its API pages the other. */
  readonly doneState: DoneState;
}

export type DoneState = "COMPLETED" | "COMPLETE";

/**
 * Reads the environment; an empty value counts as absent.
 * @throws Error naming the variable, what was expected and what was seen
 * @see docs.camunda.io, Optimize system configuration (8.6): variables and their defaults
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const read = (name: string): string | undefined => {
    const value = environment[name];
    return value === "" ? undefined : value;
  };
  const matching = (name: string, pattern: RegExp, meaning: string, otherwise?: string): string => {
    const value = read(name) ?? otherwise;
    if (value !== undefined && pattern.test(value)) return value;
    const seen = value === undefined ? "is not set" : `is ${JSON.stringify(value)}`;
    throw new Error(`${name} ${seen}, expected ${meaning}`);
  };
  const host = matching("OPTIMIZE_ELASTICSEARCH_HOST", /^[\w.-]+$/, "a host name");
  const port = matching("OPTIMIZE_ELASTICSEARCH_HTTP_PORT", /^\d{1,5}$/, "a port", "9200");
  const isImporting =
    matching("CAMUNDA_OPTIMIZE_ZEEBE_ENABLED", /^(true|false)$/, "true or false") === "true";
  const partitionCount = () =>
    matching("CAMUNDA_OPTIMIZE_ZEEBE_PARTITION_COUNT", /^[1-9]\d{0,3}$/, "a positive number");
  const state = read("STAND_IN_BACKUP_STATE") ?? "COMPLETED";
  if (state !== "COMPLETED" && state !== "COMPLETE")
    throw new Error(`STAND_IN_BACKUP_STATE is ${JSON.stringify(state)}, expected COMPLETED or COMPLETE`);
  return {
    elasticsearchUrl: `http://${host}:${port}`,
    zeebePrefix: matching(
      "CAMUNDA_OPTIMIZE_ZEEBE_NAME",
      /^[a-z0-9][a-z0-9._-]*$/,
      "the beginning of an index name",
      "zeebe-record",
    ),
    partitionCount: isImporting ? Number(partitionCount()) : 0,
    repository: read("CAMUNDA_OPTIMIZE_BACKUP_REPOSITORY_NAME"),
    version: matching("OPTIMIZE_VERSION", /^\d+\.\d+\.\d+[\w.-]*$/, "a version such as 8.6.0", "8.6.0"),
    doneState: state,
  };
}
