import { setVariable } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** Everything is back except what makes the scheduled executions run. */
export default defineFault({
  id: "restore-stopped-before-schedules",
  title: "The manager ends before scheduled executions are put into the queue",
  source: "dossier cloudify F8 and F16: worker killed between AMQP and schedules",
  caughtBy: ["scheduled-rows-match-messages", "restore-follows-order"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  async inject(context) {
    return await setVariable(context, "CLOUDIFY_STOP_AT", "before:scheduled-executions");
  },
});
