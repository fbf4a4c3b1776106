import { defineFault, hasStore } from "../core/fault.ts";
import { cutOff } from "../damage/bytes.ts";
import { blobs, oneOf } from "../damage/files.ts";

/** One attachment loses its end; only its size and content tell. */
export default defineFault({
  id: "blob-truncated",
  title: "One attachment is cut off",
  source: "dossier F15: attachment truncated, the name kept",
  caughtBy: ["blobs-match-digest"],
  target: { components: ["files", "attachments", "api"] },
  fits: hasStore("files"),
  inject: oneOf(blobs, cutOff),
});
