import { defineFault } from "../core/fault.ts";
import { named, removed } from "../damage/files.ts";

/** The step that says that the set is complete was never reached. */
export default defineFault({
  id: "manifest-missing",
  title: "The set has no manifest",
  source: "dossier F27: a backup that was never completed",
  caughtBy: ["backup-set-complete"],
  target: { components: "all" },
  damages: "seal",
  fits: () => true,
  inject: named(/^MANIFEST[^/]*$/, removed),
});
