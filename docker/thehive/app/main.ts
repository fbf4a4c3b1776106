import { setTimeout as sleep } from "node:timers/promises";
import { readConfig } from "./config.ts";
import { LocalFileStore } from "./files.ts";
import { Graph } from "./gremlin.ts";
import { S3FileStore } from "./s3.ts";
import { serve } from "./http.ts";
import { IndexBackend } from "./index-backend.ts";
import { initialise, readTrialBegan } from "./initialise.ts";
import { routesOf } from "./routes.ts";
import { Store } from "./store.ts";

const drainLimitMs = 5_000;

try {
  const config = readConfig(
    process.env["THEHIVE_CONFIG"] ?? "/etc/thehive",
    Number(process.env["THEHIVE_PORT"] ?? 9000),
  );
  const files =
    "folder" in config.files ? new LocalFileStore(config.files.folder) : new S3FileStore(config.files);
  const store = new Store(new Graph(config.janusgraphUrl), files);
  const index = new IndexBackend(config);
  await initialise(store, index, { nowMs: Date.now, rebuildsIndex: config.rebuildsIndex });
  if (config.auditsInIndex) await index.prepareAudits();
  const server = await serve(
    routesOf({ config, store, index, trialBeganAt: await readTrialBegan(store) }),
    config.port,
  );
  console.log(`Listening for HTTP on /0.0.0.0:${config.port}`);
  process.once("SIGTERM", () => {
    // Calls under way end before the process does; 143 is what a JVM answers to this signal.
    server.closeIdleConnections();
    void Promise.race([new Promise((resolve) => server.close(resolve)), sleep(drainLimitMs)]).then(() =>
      process.exit(143),
    );
  });
} catch (problem) {
  console.error(problem instanceof Error ? problem.message : problem);
  process.exit(1);
}
