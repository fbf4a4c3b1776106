import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { defineFault, hasStore } from "../core/fault.ts";
import { blobs, changeFile } from "../damage/files.ts";

/** Two attachments change places: names, number and the sum of all bytes stay as they were. */
export default defineFault({
  id: "blobs-swapped",
  title: "Two attachments have each other's content",
  source: "dossier F15: attachments renamed",
  caughtBy: ["blobs-match-digest"],
  target: { components: ["files", "attachments", "api"] },
  fits: hasStore("files"),
  async inject(context) {
    const [first, second] = await blobs(context.artefacts, context);
    if (first === undefined || second === undefined) return [];
    const content = await readFile(join(context.setFolder, first.path));
    const other = await readFile(join(context.setFolder, second.path));
    return [
      await changeFile(context, first.path, () => other),
      await changeFile(context, second.path, () => content),
    ];
  },
});
