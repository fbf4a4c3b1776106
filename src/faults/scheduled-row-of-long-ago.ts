import { damageScheduledRows } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** The snapshot says that they were due before it was made: they never ran, and never will. */
export default defineFault({
  id: "scheduled-row-of-long-ago",
  title: "Executions that are scheduled were due before the snapshot was made",
  source: "dossier cloudify S1: scheduled before B, never fired on the source",
  caughtBy: ["pending-stays-scheduled"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  async inject(context) {
    return await damageScheduledRows(context, "scheduled_for", () => "2020-03-13 04:00:00");
  },
});
