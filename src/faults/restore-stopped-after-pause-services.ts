import { setVariable } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** Files and keys are the old ones, rows are the new manager's, and its services were to pause. */
export default defineFault({
  id: "restore-stopped-after-pause-services",
  title: "The manager ends once its services pause for the database",
  source: "dossier cloudify F8: worker killed between two steps of a restore",
  caughtBy: ["acknowledged-writes-survive", "restore-follows-order"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  async inject(context) {
    return await setVariable(context, "CLOUDIFY_STOP_AT", "after:pause-services");
  },
});
