import { mixSets } from "../damage/generations.ts";

/** Searches find what the older rows and files do not hold. */
export default mixSets({
  id: "index-from-newer-set",
  title: "The index comes from a newer backup than database and files",
  older: ["database", "files"],
  caughtBy: ["acknowledged-writes-survive"],
});
