import { damageValue } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** The manager refuses it, in the execution and not in the answer to the request. */
export default defineFault({
  id: "snapshot-of-newer-manager",
  title: "The snapshot says that it is of a newer manager",
  source: "dossier cloudify F3: newer snapshot_version",
  caughtBy: ["acknowledged-writes-survive", "restore-follows-order"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  async inject(context) {
    return await damageValue(context, "metadata.json", (values) => {
      values["snapshot_version"] = "99.0.0";
    });
  },
});
