import { defineFault } from "../core/fault.ts";
import { changeStep } from "../damage/changed-steps.ts";

/** A quorum of the others answers, so nobody notices; a repair cannot reach the node, and neither can a restore judge it. */
export default defineFault({
  id: "database-node-down",
  title: "A node of the database is down while the backup is taken",
  source: "StrangeBee documentation, hot backup of a cluster: every node must be up and normal",
  caughtBy: ["acknowledged-writes-survive"],
  target: { components: ["cassandra"] },
  takenWith: (blocks) =>
    changeStep(blocks, "one-node-holds-all", (script) => `docker compose stop cassandra-3\n${script}`),
  fits: (components, procedure) =>
    procedure?.mode === "hot" && components.some(({ service }) => service === "cassandra-3"),
});
