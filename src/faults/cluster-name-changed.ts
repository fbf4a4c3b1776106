import { copiesStore, defineFault } from "../core/fault.ts";
import { named, replaced } from "../damage/files.ts";

/** The configuration names another cluster than the data was written under; the server refuses to start. */
export default defineFault({
  id: "cluster-name-changed",
  title: "The cluster has another name than its data",
  source: "dossier F16: wrong cluster_name",
  caughtBy: ["restore-follows-order"],
  target: { components: "all" },
  fits: copiesStore("cassandra"),
  inject: named("config/deployment/.env", replaced(/^(CASSANDRA_CLUSTER_NAME=).*$/m, "$1Renamed")),
});
