import { copiesStore, defineFault } from "../core/fault.ts";
import { largest, oneOf, removed } from "../damage/files.ts";

/** The rows of an SSTable are gone, and the files beside it stay. */
export default defineFault({
  id: "sstable-data-missing",
  title: "The data file of an SSTable is gone",
  source: "dossier F1: missing Data.db",
  caughtBy: ["sstables-match-their-digest"],
  target: {
    components: ["sstables", "cassandra", "elasticsearch", "api"],
    invariants: ["references-resolve", "stores-share-one-cut"],
  },
  fits: copiesStore("cassandra"),
  inject: oneOf(largest(/\/edgestore-[^/]+\/[^/]+-Data\.db$/), removed),
});
