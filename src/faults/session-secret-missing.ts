import { copiesStore, defineFault } from "../core/fault.ts";
import { named, removed } from "../damage/files.ts";

/** The file with the secret that signs sessions is gone. */
export default defineFault({
  id: "session-secret-missing",
  title: "The secret of the sessions is not in the set",
  source: "dossier F17: missing secret.conf",
  caughtBy: ["configuration-restored", "restore-follows-order"],
  target: { components: ["config", "api"], invariants: ["restore-follows-order"] },
  fits: copiesStore("cassandra"),
  inject: named("config/application/secret.conf", removed),
});
