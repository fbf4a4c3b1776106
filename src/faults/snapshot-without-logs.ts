import { changeStep } from "../damage/changed-steps.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** The client offers it; what executions said is then gone with the old manager. */
export default defineFault({
  id: "snapshot-without-logs",
  title: "The snapshot is made without logs, events and credentials",
  source: "dossier cloudify F17: include_credentials false, logs excluded",
  caughtBy: ["ended-executions-stay"],
  target: { components: "all" },
  takenWith: (blocks) =>
    changeStep(blocks, "create-snapshot", (script) =>
      script.replace(
        "cfy snapshots create",
        "cfy snapshots create --exclude-logs --exclude-events --exclude-credentials",
      ),
    ),
  fits: hasStore("security-keys"),
});
