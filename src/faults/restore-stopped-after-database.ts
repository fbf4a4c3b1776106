import { setVariable } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** Rows and files are back, virtual hosts and messages are not, and the status says that no restore runs. */
export default defineFault({
  id: "restore-stopped-after-database",
  title: "The manager ends between the database and the broker",
  source: "dossier cloudify F8 and F16: worker killed between steps, and the status that says nothing of it",
  caughtBy: ["scheduled-rows-match-messages", "restore-follows-order"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  isDefault: true,
  async inject(context) {
    return await setVariable(context, "CLOUDIFY_STOP_AT", "after:database");
  },
});
