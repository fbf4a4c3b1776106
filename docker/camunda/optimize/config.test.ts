import { expect, test } from "vitest";
import { readConfig } from "./config.ts";

const least = {
  OPTIMIZE_ELASTICSEARCH_HOST: "elasticsearch",
  CAMUNDA_OPTIMIZE_ZEEBE_ENABLED: "true",
  CAMUNDA_OPTIMIZE_ZEEBE_PARTITION_COUNT: "2",
};

test("what is not set has the product's default", () => {
  expect(readConfig({ ...least, CAMUNDA_OPTIMIZE_BACKUP_REPOSITORY_NAME: "" })).toEqual({
    elasticsearchUrl: "http://elasticsearch:9200",
    zeebePrefix: "zeebe-record",
    partitionCount: 2,
    repository: undefined,
    version: "8.6.0",
    doneState: "COMPLETED",
  });
});

test("every setting can be given", () => {
  const environment = {
    OPTIMIZE_ELASTICSEARCH_HOST: "es-1.local",
    OPTIMIZE_ELASTICSEARCH_HTTP_PORT: "9201",
    CAMUNDA_OPTIMIZE_ZEEBE_ENABLED: "false",
    CAMUNDA_OPTIMIZE_ZEEBE_NAME: "records",
    CAMUNDA_OPTIMIZE_BACKUP_REPOSITORY_NAME: "camunda",
    OPTIMIZE_VERSION: "8.7.1",
    STAND_IN_BACKUP_STATE: "COMPLETE",
  };

  expect(readConfig(environment)).toEqual({
    elasticsearchUrl: "http://es-1.local:9201",
    zeebePrefix: "records",
    partitionCount: 0,
    repository: "camunda",
    version: "8.7.1",
    doneState: "COMPLETE",
  });
});

test("a missing or unknown value is refused by the name of its variable", () => {
  const problemWith = (changes: Record<string, string>) => () => readConfig({ ...least, ...changes });

  expect(() => readConfig({})).toThrow("OPTIMIZE_ELASTICSEARCH_HOST is not set, expected a host name");
  expect(problemWith({ CAMUNDA_OPTIMIZE_ZEEBE_ENABLED: "yes" })).toThrow(
    'CAMUNDA_OPTIMIZE_ZEEBE_ENABLED is "yes", expected true or false',
  );
  expect(problemWith({ CAMUNDA_OPTIMIZE_ZEEBE_PARTITION_COUNT: "0" })).toThrow(
    'CAMUNDA_OPTIMIZE_ZEEBE_PARTITION_COUNT is "0", expected a positive number',
  );
  expect(problemWith({ STAND_IN_BACKUP_STATE: "DONE" })).toThrow(
    'STAND_IN_BACKUP_STATE is "DONE", expected COMPLETED or COMPLETE',
  );
});
