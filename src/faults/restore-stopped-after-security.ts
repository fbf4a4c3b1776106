import { setVariable } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** Rows, files and administrator are back; the broker knows nothing of them. */
export default defineFault({
  id: "restore-stopped-after-security",
  title: "The manager ends once the administrator is the old one",
  source: "dossier cloudify F8: worker killed between two steps of a restore",
  caughtBy: ["scheduled-rows-match-messages", "restore-follows-order"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  async inject(context) {
    return await setVariable(context, "CLOUDIFY_STOP_AT", "after:security");
  },
});
