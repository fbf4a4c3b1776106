import { copiesStore, defineFault } from "../core/fault.ts";
import { largest, oneOf, removed } from "../damage/files.ts";

/** One of the files that make up an SSTable is gone: its statistics. */
export default defineFault({
  id: "sstable-statistics-missing",
  title: "The statistics of an SSTable are gone",
  source: "dossier F1: missing Statistics.db",
  caughtBy: ["sstables-match-their-digest"],
  target: {
    components: ["sstables", "cassandra", "elasticsearch", "api"],
    invariants: ["references-resolve", "stores-share-one-cut"],
  },
  fits: copiesStore("cassandra"),
  inject: oneOf(largest(/\/edgestore-[^/]+\/[^/]+-Statistics\.db$/), removed),
});
