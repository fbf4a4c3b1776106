import { mixSets } from "../damage/generations.ts";

/** Rows of a newer backup over an index and files of an older one. */
export default mixSets({
  id: "database-from-newer-set",
  title: "The database comes from a newer backup than index and files",
  older: ["index", "files"],
  caughtBy: ["acknowledged-writes-survive"],
});
