import { setVariable } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** Files of the old manager beside the database of the new one. */
export default defineFault({
  id: "restore-stopped-after-files",
  title: "The manager ends between the files and the database",
  source: "dossier cloudify F8 and F16: worker killed between steps",
  caughtBy: ["acknowledged-writes-survive", "restore-follows-order"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  async inject(context) {
    return await setVariable(context, "CLOUDIFY_STOP_AT", "after:files");
  },
});
