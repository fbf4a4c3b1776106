import { defineFault, hasStore } from "../core/fault.ts";
import { blobs, oneOf, removed } from "../damage/files.ts";

/** One attachment is in no folder any more, while everything refers to it. */
export default defineFault({
  id: "blob-missing",
  title: "One attachment is gone",
  source: "false greens 9: missing files are no error (burp 630)",
  caughtBy: ["acknowledged-writes-survive", "references-resolve"],
  target: { components: ["files", "attachments", "api"], invariants: ["references-resolve"] },
  fits: hasStore("files"),
  inject: oneOf(blobs, removed),
});
