import { setVariable } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** The manager has said that it can restore the snapshot, and has restored nothing. */
export default defineFault({
  id: "restore-stopped-after-validate",
  title: "The manager ends once the snapshot is found to be good",
  source: "dossier cloudify F8: worker killed between two steps of a restore",
  caughtBy: ["acknowledged-writes-survive", "restore-follows-order"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  async inject(context) {
    return await setVariable(context, "CLOUDIFY_STOP_AT", "after:validate");
  },
});
