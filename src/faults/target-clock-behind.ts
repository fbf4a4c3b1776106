import { setVariable } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** By the new manager's clock everything is still to come: what was overdue is not told, and what waits comes too late. */
export default defineFault({
  id: "target-clock-behind",
  title: "The clock of the new manager is eight hours behind",
  source: "dossier cloudify F18 and K2: skewed clock",
  caughtBy: ["message-leaves-at-its-time"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  async inject(context) {
    return await setVariable(context, "CLOUDIFY_CLOCK_OFFSET_MS", String(-8 * 3_600_000));
  },
});
