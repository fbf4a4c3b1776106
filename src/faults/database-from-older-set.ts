import { mixSets } from "../damage/generations.ts";

/** Rows of an older backup under an index and files of a newer one. */
export default mixSets({
  id: "database-from-older-set",
  title: "The database comes from an older backup than index and files",
  older: ["database"],
  caughtBy: ["acknowledged-writes-survive", "index-agrees-with-store"],
});
