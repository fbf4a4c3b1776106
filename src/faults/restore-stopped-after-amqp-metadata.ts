import { setVariable } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** Virtual hosts are back, and nothing is in them that starts what was scheduled. */
export default defineFault({
  id: "restore-stopped-after-amqp-metadata",
  title: "The manager ends once virtual hosts are back",
  source: "dossier cloudify F8: worker killed between two steps of a restore",
  caughtBy: ["scheduled-rows-match-messages", "restore-follows-order"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  async inject(context) {
    return await setVariable(context, "CLOUDIFY_STOP_AT", "after:amqp-metadata");
  },
});
