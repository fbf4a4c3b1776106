import { defineFault, hasStore } from "../core/fault.ts";
import { flipBit } from "../damage/bytes.ts";
import { blobs, oneOf } from "../damage/files.ts";

/** One bit of one attachment turns over; name, size and number of files stay as they were. */
export default defineFault({
  id: "blob-bit-flip",
  title: "One bit of one attachment is flipped",
  source: "dossier F15: attachment bit-rot, the name kept",
  caughtBy: ["blobs-match-digest"],
  target: { components: ["files", "attachments", "api"] },
  isDefault: true,
  fits: hasStore("files"),
  inject: oneOf(blobs, (bytes, { pick }) => flipBit(bytes, pick(bytes.length))),
});
