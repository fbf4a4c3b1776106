import { hasStore } from "../core/fault.ts";
import { mixSets } from "../damage/generations.ts";

/** What was written in between is there, and no search finds it. */
export default mixSets({
  id: "index-from-older-set",
  title: "The index comes from an older backup than database and files",
  older: ["index"],
  caughtBy: ["acknowledged-writes-survive"],
  // Cold sets have the same fault under a name of its own, among those that run by default.
  fits: (components, procedure) => procedure?.mode === "hot" && hasStore("elasticsearch")(components),
});
