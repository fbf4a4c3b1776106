import { defineFault } from "../core/fault.ts";
import { changeFile } from "../damage/files.ts";
import { keepsObjects } from "../damage/objects.ts";

/** The two lists that say what S3 kept of each object and of each older version. */
const lists = ["files/objects.attributes", "files/versions.attributes"];

/** Every key, size and byte is right. Deletions are undone, for a delete marker is an attribute of a file that is still there. */
export default defineFault({
  id: "object-attributes-lost",
  title: "Objects come back without their extended attributes",
  source: "seen: cp -r, rsync -a, plain tar and docker cp keep every byte and no attribute, with status 0",
  caughtBy: ["objects-keep-their-attributes"],
  target: { components: ["files", "api"] },
  fits: keepsObjects,
  inject: async (context) => {
    const held = lists.filter((list) =>
      context.artefacts.some(({ path, bytes }) => path === list && bytes !== 0),
    );
    return await Promise.all(held.map((list) => changeFile(context, list, () => Buffer.alloc(0))));
  },
});
