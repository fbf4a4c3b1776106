import { setVariable } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** Rows and files are back; the broker knows nothing of them. */
export default defineFault({
  id: "restore-stopped-after-resume-services",
  title: "The manager ends once its services go on after the database",
  source: "dossier cloudify F8: worker killed between two steps of a restore",
  caughtBy: ["scheduled-rows-match-messages", "restore-follows-order"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  async inject(context) {
    return await setVariable(context, "CLOUDIFY_STOP_AT", "after:resume-services");
  },
});
