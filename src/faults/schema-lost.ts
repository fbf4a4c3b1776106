import { copiesStore, defineFault } from "../core/fault.ts";
import { emptied } from "../damage/files.ts";

/** The server knows none of the tables whose rows lie on its disk. */
export default defineFault({
  id: "schema-lost",
  title: "The schema of the database is not in the set",
  source: "dossier F5: schema not restored",
  caughtBy: ["tables-complete", "restore-follows-order"],
  target: {
    components: ["sstables", "cassandra", "elasticsearch", "api"],
    invariants: ["references-resolve", "stores-share-one-cut"],
  },
  fits: copiesStore("cassandra"),
  inject: emptied(/\/system_schema$/, { withFolder: false }),
});
