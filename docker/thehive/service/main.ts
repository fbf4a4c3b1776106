import { readConfig } from "./config.ts";
import { IndexBackend, initialise } from "./database.ts";
import { FileStore } from "./files.ts";
import { Graph } from "./gremlin.ts";
import { serve } from "./http.ts";
import { routesOf } from "./routes.ts";
import { Store } from "./store.ts";

const config = readConfig(
  process.env["THEHIVE_CONFIG"] ?? "/etc/thehive",
  Number(process.env["THEHIVE_PORT"] ?? 9000),
);
const store = new Store(new Graph(config.janusgraphUrl), new FileStore(config.filesFolder));
const index = new IndexBackend(config);

process.on("SIGTERM", () => process.exit(143));
try {
  await initialise(store, index, Date.now);
  await serve(routesOf({ config, store, index }), config.port);
  console.log(`Listening for HTTP on /0.0.0.0:${config.port}`);
} catch (problem) {
  console.error(problem);
  process.exit(1);
}
