import { mixBackups } from "./indices-newer-than-engine.ts";

/**
 * As the published procedure would: it has no step that compares positions. An engine whose backup holds its whole log
 * exports all of it again, and older indices lack nothing then (seen on 8.6.0 at small scale, docs/camunda-order.md).
 */
export default mixBackups({
  id: "indices-older-unchecked",
  title: "Indices of an older backup with a newer engine, and nobody compares positions",
  source: "camunda F1, observed as (c2)",
  caughtBy: ["exporter-leaves-no-gap", "acknowledged-writes-survive"],
  expected: "either",
  newer: "engine",
  reorder: (blocks) => blocks.filter(({ id }) => id !== "compare-positions"),
});
