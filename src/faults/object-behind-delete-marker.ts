import { defineFault } from "../core/fault.ts";
import { damageAfter } from "../damage/changed-steps.ts";
import { deleteOneObject, keepsObjects } from "../damage/objects.ts";

/** A versioned deletion keeps the bytes as an older version: whoever counts files or bytes on the server misses nothing. */
export default defineFault({
  id: "object-behind-delete-marker",
  title: "A restored object is hidden behind a delete marker",
  source: "S3: a deletion in a versioned bucket adds a delete marker, and a reading answers 404",
  caughtBy: ["acknowledged-writes-survive", "references-resolve"],
  target: { components: ["files", "api"], invariants: ["references-resolve"] },
  reorder: (blocks) => damageAfter(blocks, "restore-files", deleteOneObject),
  fits: keepsObjects,
});
