import { mixBackups } from "./indices-newer-than-engine.ts";

/** As the published procedure would: it has no step that compares positions. */
export default mixBackups({
  id: "indices-newer-unchecked",
  title: "Indices of a newer backup with an older engine, and nobody compares positions",
  source: "camunda F1, observed as (c1)",
  caughtBy: ["indices-not-ahead-of-the-engine"],
  newer: "indices",
  reorder: (blocks) => blocks.filter(({ id }) => id !== "compare-positions"),
});
