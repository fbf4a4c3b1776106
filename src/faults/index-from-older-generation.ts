import { copiesStore } from "../core/fault.ts";
import { mixSets } from "../damage/generations.ts";

/** The index comes from an older backup than the store: what was written in between is there, but no search finds it. */
export default mixSets({
  id: "index-from-older-generation",
  title: "The index comes from an older backup than the store",
  source: "dossier F9: index older than the database",
  isDefault: true,
  fits: copiesStore("elasticsearch", "jsonl"),
  older: ["index"],
  caughtBy: ["index-agrees-with-store"],
});
