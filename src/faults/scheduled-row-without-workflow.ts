import { damageScheduledRows } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** A workflow that its deployment does not have cannot be started, and must not keep the others from it. */
export default defineFault({
  id: "scheduled-row-without-workflow",
  title: "Executions that are scheduled name a workflow that does not exist",
  source: "dossier cloudify S13: workflow or deployment missing",
  caughtBy: ["pending-stays-scheduled"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  async inject(context) {
    return await damageScheduledRows(context, "workflow_id", () => "no-such-workflow");
  },
});
