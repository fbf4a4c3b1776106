import { setVariable } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** Nothing of the old manager is there yet, and the status says that no restore runs. */
export default defineFault({
  id: "restore-stopped-after-extract",
  title: "The manager ends once the archive is unpacked",
  source: "dossier cloudify F8: worker killed between two steps of a restore",
  caughtBy: ["acknowledged-writes-survive", "restore-follows-order"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  async inject(context) {
    return await setVariable(context, "CLOUDIFY_STOP_AT", "after:extract");
  },
});
