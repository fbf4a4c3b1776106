import { copiesStore, defineFault } from "../core/fault.ts";
import { emptied } from "../damage/files.ts";

/** Without its properties the database seems to be new: schema and administrator are made again. */
export default defineFault({
  id: "table-properties-missing",
  title: "The table of the graph's properties is not in the set",
  source: "dossier F4: table system_properties omitted",
  caughtBy: ["graph-version-kept"],
  target: {
    components: ["sstables", "cassandra", "elasticsearch", "api"],
    invariants: ["references-resolve", "stores-share-one-cut"],
  },
  fits: copiesStore("cassandra"),
  inject: emptied(/\/system_properties-[0-9a-f]{32}$/, { withFolder: true }),
});
