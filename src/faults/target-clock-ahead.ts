import { setVariable } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** By the new manager's clock everything that waits is overdue. */
export default defineFault({
  id: "target-clock-ahead",
  title: "The clock of the new manager is eight hours ahead",
  source: "dossier cloudify F18 and K1: skewed clock",
  caughtBy: ["pending-stays-scheduled"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  isDefault: true,
  async inject(context) {
    return await setVariable(context, "CLOUDIFY_CLOCK_OFFSET_MS", String(8 * 3_600_000));
  },
});
