import { copiesStore, defineFault } from "../core/fault.ts";
import { cutOff } from "../damage/bytes.ts";
import { largest, oneOf } from "../damage/files.ts";

/** The largest segment of the index loses its end. */
export default defineFault({
  id: "index-segment-truncated",
  title: "A segment of the index is cut off",
  source: "dossier F8: truncated blob of the index",
  caughtBy: ["index-agrees-with-store", "restore-follows-order"],
  target: { components: ["elasticsearch", "api"], invariants: ["stores-share-one-cut"] },
  fits: copiesStore("elasticsearch"),
  inject: oneOf(largest(/^elasticsearch\/indices\/.*\/index\/_[^/]+\.(cfs|fdt|tim|doc)$/), cutOff),
});
