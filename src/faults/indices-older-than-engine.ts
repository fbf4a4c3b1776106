import { mixBackups } from "./indices-newer-than-engine.ts";

/** What the engine exported between the two backups is in no index, where its exporter goes on behind the gap. */
export default mixBackups({
  id: "indices-older-than-engine",
  title: "Indices of an older backup with the engine of a newer one",
  source: "camunda F1, observed as (c2)",
  caughtBy: ["exporter-leaves-no-gap", "acknowledged-writes-survive", "restore-follows-order"],
  newer: "engine",
});
