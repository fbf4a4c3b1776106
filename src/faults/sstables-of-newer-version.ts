import { copiesStore, defineFault } from "../core/fault.ts";
import { renamed } from "../damage/files.ts";

/** Files of the graph's rows have the format of the next major version, as in a set of a server that was upgraded. */
export default defineFault({
  id: "sstables-of-newer-version",
  title: "SSTables are of a newer version than the server",
  source: "dossier F24: version differs; Cassandra 4.1 writes format nb, 5.0 writes oa",
  caughtBy: ["restore-follows-order", "sstables-match-their-digest", "acknowledged-writes-survive"],
  target: {
    components: ["sstables", "cassandra", "elasticsearch", "api"],
    invariants: ["references-resolve", "stores-share-one-cut"],
  },
  fits: copiesStore("cassandra"),
  inject: renamed(/(\/edgestore-[^/]+\/)nb(-[^/]+)$/, "$1oa$2"),
});
