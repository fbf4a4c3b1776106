import { copiesStore, defineFault } from "../core/fault.ts";
import { emptied } from "../damage/files.ts";

/** Without its composite indices the graph finds nothing by a unique value, and no row of the vertices is missing. */
export default defineFault({
  id: "table-graphindex-missing",
  title: "The table of the composite indices is not in the set",
  source: "dossier F4: table graphindex omitted",
  caughtBy: ["content-unchanged", "tables-complete"],
  target: {
    components: ["sstables", "cassandra", "elasticsearch", "api"],
    invariants: ["references-resolve", "stores-share-one-cut"],
  },
  fits: copiesStore("cassandra"),
  inject: emptied(/\/graphindex-[0-9a-f]{32}$/, { withFolder: true }),
});
