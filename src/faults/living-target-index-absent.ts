import { emptied } from "../damage/files.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** The servers live and hold the newest state; where the restore looks for the index's snapshot there is nothing. */
export default defineFault({
  id: "living-target-index-absent",
  title: "The target is in use, and no snapshot of the index is where the restore looks for it",
  source:
    "dossier D9: a pattern that matches nothing stays as it is, and the live index is deleted before anybody looks",
  caughtBy: ["living-target-kept"],
  target: { components: "all" },
  generations: "two",
  restores: "earlier",
  targetIsFull: true,
  fits: (components, procedure) => procedure?.mode === "hot" && hasStore("cassandra")(components),
  inject: emptied(/^elasticsearch$/, { withFolder: false }),
});
