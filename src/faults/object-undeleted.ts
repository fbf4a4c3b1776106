import { defineFault } from "../core/fault.ts";
import { damageAfter } from "../damage/changed-steps.ts";
import { deleteOneObject, keepsObjects } from "../damage/objects.ts";

const undelete = 'mcli rm --version-id "$marker" "$object"\n';

/** No fault in the end: what a versioned bucket is for. The object is the one that it was, its version included. */
export default defineFault({
  id: "object-undeleted",
  title: "A restored object is deleted, and brought back by deleting its delete marker",
  source: "S3: a delete marker is a version, and deleting it by its id makes the one before it current again",
  caughtBy: [],
  target: { components: [] },
  expected: "nothing",
  reorder: (blocks) => damageAfter(blocks, "restore-files", `${deleteOneObject}${undelete}`),
  fits: keepsObjects,
});
