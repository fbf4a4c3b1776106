import { damageEntry } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** Without it nobody knows of which version and layout the snapshot is. */
export default defineFault({
  id: "snapshot-metadata-missing",
  title: "metadata.json is missing from the snapshot",
  source: "dossier cloudify F2: metadata.json dropped",
  caughtBy: ["acknowledged-writes-survive", "restore-follows-order"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  async inject(context) {
    return await damageEntry(
      context,
      (entries) => entries.find(({ name }) => name === "metadata.json"),
      () => undefined,
    );
  },
});
