import { defineFault, hasStore } from "../core/fault.ts";
import { blobs, oneOf } from "../damage/files.ts";

/** One attachment is there under its name, with nothing in it. */
export default defineFault({
  id: "blob-emptied",
  title: "One attachment has no bytes left",
  source: "dossier F15: attachment of length zero",
  caughtBy: ["blobs-match-digest"],
  target: { components: ["files", "attachments", "api"] },
  fits: hasStore("files"),
  inject: oneOf(blobs, () => Buffer.alloc(0)),
});
