import { setTimeout as sleep } from "node:timers/promises";
import { Backups } from "./backup.ts";
import { readConfig } from "./config.ts";
import { Elasticsearch } from "./elasticsearch.ts";
import { serve } from "./http.ts";
import { Importer } from "./importer.ts";
import { backupRoutes } from "./routes-backup.ts";
import { publicRoutes } from "./routes-public.ts";
import { Snapshots } from "./snapshots.ts";

// Source: docs.camunda.io, Optimize system configuration: container.ports.http and actuator port.
const ports = { api: 8090, actuator: 8092 };
const drainLimitMs = 5_000;

try {
  const config = readConfig(process.env);
  const elasticsearch = new Elasticsearch(config.elasticsearchUrl);
  const importer = new Importer(elasticsearch, config);
  const backups = new Backups(new Snapshots(elasticsearch, config.repository), config);
  const { version } = config;
  const servers = [
    await serve(publicRoutes(elasticsearch, { importer, version }), ports.api),
    await serve(backupRoutes(backups), ports.actuator),
  ];
  console.log(
    `stand-in of Camunda Optimize ${version}: API on ${ports.api}, actuator on ${ports.actuator}, ` +
      `${config.elasticsearchUrl}, ${config.partitionCount} partitions of ${config.zeebePrefix}, ` +
      `repository ${config.repository ?? "none"}, a backup ends as ${config.doneState}`,
  );
  const end = new AbortController();
  const importing = importer.run(end.signal);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      // The page that is being written is ended first; 143 is what a JVM answers to SIGTERM.
      end.abort();
      for (const server of servers) server.close();
      void Promise.race([importing, sleep(drainLimitMs)]).then(() => process.exit(143));
    });
  }
} catch (problem) {
  console.error(problem instanceof Error ? problem.message : problem);
  process.exit(1);
}
