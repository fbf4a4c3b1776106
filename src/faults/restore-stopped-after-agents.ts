import { setVariable } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** All is back but the folders of deployments and what starts scheduled executions. */
export default defineFault({
  id: "restore-stopped-after-agents",
  title: "The manager ends once the agents are marked",
  source: "dossier cloudify F8: worker killed between two steps of a restore",
  caughtBy: ["scheduled-rows-match-messages", "restore-follows-order"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  async inject(context) {
    return await setVariable(context, "CLOUDIFY_STOP_AT", "after:agents");
  },
});
