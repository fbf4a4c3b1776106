import { copiesStore, defineFault } from "../core/fault.ts";
import { emptied } from "../damage/files.ts";

/** Without its id blocks the graph begins to count anew, and new records overwrite old ones. */
export default defineFault({
  id: "table-ids-missing",
  title: "The table of the id blocks is not in the set",
  source: "dossier F4: table janusgraph_ids omitted",
  caughtBy: ["id-blocks-cover-rows"],
  target: {
    components: ["sstables", "cassandra", "elasticsearch", "api"],
    invariants: ["references-resolve", "stores-share-one-cut"],
  },
  fits: copiesStore("cassandra"),
  inject: emptied(/\/janusgraph_ids-[0-9a-f]{32}$/, { withFolder: true }),
});
