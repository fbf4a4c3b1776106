import { copiesStore, defineFault } from "../core/fault.ts";
import { emptied } from "../damage/files.ts";

/**
 * The table that says which schema version the database has comes back empty. The application takes the database for a
 * new one and gives it a default administrator: everything is up and green.
 */
export default defineFault({
  id: "database-reinitialised",
  title: "The table with the schema version comes back empty, so the application starts anew",
  source: "dossier F31: re-initialised database",
  caughtBy: ["graph-version-kept", "default-administrator-rejected"],
  target: {
    components: ["sstables", "cassandra", "elasticsearch", "api"],
    invariants: ["tables-complete", "references-resolve", "stores-share-one-cut"],
  },
  isDefault: true,
  fits: copiesStore("cassandra"),
  inject: emptied(/\/system_properties-[0-9a-f]{32}$/, { withFolder: false }),
});
