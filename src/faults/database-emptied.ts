import { copiesStore, defineFault } from "../core/fault.ts";
import { emptied } from "../damage/files.ts";

/** A valid backup of nothing: the server starts as a new one, and the application makes itself at home. */
export default defineFault({
  id: "database-emptied",
  title: "The database is empty",
  source: "dossier F31: empty but healthy; false greens 13: a valid dump with nothing in it",
  caughtBy: ["tables-complete", "acknowledged-writes-survive"],
  target: { components: "all" },
  fits: copiesStore("cassandra", "sqlite"),
  inject: emptied(/^(cassandra|rows)$/, { withFolder: false }),
});
