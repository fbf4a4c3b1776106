import { mixSets } from "../damage/generations.ts";

/** Files of a newer backup to which no row of the older one refers. */
export default mixSets({
  id: "files-from-newer-set",
  title: "The files come from a newer backup than database and index",
  older: ["database", "index"],
  caughtBy: ["acknowledged-writes-survive"],
});
