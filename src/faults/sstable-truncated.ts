import { copiesStore, defineFault } from "../core/fault.ts";
import { cutOff } from "../damage/bytes.ts";
import { largest, oneOf } from "../damage/files.ts";

/** The largest data file of the graph loses its end, as where a copy was cut off. */
export default defineFault({
  id: "sstable-truncated",
  title: "A Cassandra data file is cut off",
  source: "dossier F3: truncated archive",
  caughtBy: ["sstables-match-their-digest"],
  target: {
    components: ["sstables", "cassandra", "elasticsearch", "api"],
    invariants: ["references-resolve", "stores-share-one-cut"],
  },
  fits: copiesStore("cassandra"),
  inject: oneOf(largest(/\/edgestore-[^/]+\/[^/]+-Data\.db$/), cutOff),
});
