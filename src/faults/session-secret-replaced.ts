import { copiesStore, defineFault } from "../core/fault.ts";
import { named, replaced } from "../damage/files.ts";

/** The installation was initialised again before it was saved: sessions of before are signed with another secret. */
export default defineFault({
  id: "session-secret-replaced",
  title: "The secret of the sessions is another one",
  source: "dossier F17: init.sh makes a new secret",
  caughtBy: ["configuration-restored"],
  target: { components: ["config", "api"], invariants: ["restore-follows-order"] },
  fits: copiesStore("cassandra"),
  inject: named(
    "config/application/secret.conf",
    replaced(/".*"/, '"made-anew-and-not-the-one-that-signed"'),
  ),
});
