import { setVariable } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** All that lies in files and rows is back; the broker knows nothing of it. */
export default defineFault({
  id: "restore-stopped-after-credentials",
  title: "The manager ends once the keys of agents are back",
  source: "dossier cloudify F8: worker killed between two steps of a restore",
  caughtBy: ["scheduled-rows-match-messages", "restore-follows-order"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  async inject(context) {
    return await setVariable(context, "CLOUDIFY_STOP_AT", "after:credentials");
  },
});
