import { mixSets } from "./database-from-older-set.ts";

/** What was written in between is there, and no search finds it. */
export default mixSets({
  id: "index-from-older-set",
  title: "The index comes from an older backup than database and files",
  older: ["elasticsearch"],
  caughtBy: ["acknowledged-writes-survive"],
});
