import { copiesStore, defineFault } from "../core/fault.ts";
import { renamed } from "../damage/files.ts";

/** The rows lie in the folder of a table that was dropped and made again: another id, so that the server does not look there. */
export default defineFault({
  id: "table-folder-renamed",
  title: "The rows lie in the folder of a table with another id",
  source: "dossier F6: wrong UUID folder",
  caughtBy: ["acknowledged-writes-survive"],
  target: {
    components: ["sstables", "cassandra", "elasticsearch", "api"],
    invariants: ["references-resolve", "stores-share-one-cut"],
  },
  fits: copiesStore("cassandra"),
  inject: renamed(/(\/edgestore-[0-9a-f]{24})[0-9a-f]{8}$/, "$100000000"),
});
