import { defineFault, hasStore } from "../core/fault.ts";
import { named, replaced } from "../damage/files.ts";

/** The set knows the roles and none of what the application's was granted. */
export default defineFault({
  id: "grants-missing-from-set",
  title: "The set does not say what the application's role was granted",
  source: "dossier F25 and D7: the published script grants nothing, and would grant to the wrong name",
  caughtBy: ["restore-follows-order", "configuration-restored"],
  target: { components: ["accounts", "cassandra"] },
  fits: hasStore("cassandra-accounts"),
  inject: named("config/accounts/accounts.cql", replaced(/^GRANT .* TO "thehive";\n/gm, "")),
});
