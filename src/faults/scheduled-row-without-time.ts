import { damageScheduledRows } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** Such a row can never be due; the published software stops at it, and the rows after it are never put into the queue. */
export default defineFault({
  id: "scheduled-row-without-time",
  title: "Executions that are scheduled have no time in the dump",
  source: "dossier cloudify S18: scheduled_for is null",
  caughtBy: ["pending-stays-scheduled"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  async inject(context) {
    return await damageScheduledRows(context, "scheduled_for", () => "\\N");
  },
});
