import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describeBytes, flipBit } from "../core/damage.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** One bit of one attachment turns over; name, size and number of files stay as they were. */
export default defineFault({
  id: "blob-bit-flip",
  title: "One bit of one attachment is flipped",
  source: "dossier F15: attachment bit-rot, the name kept",
  caughtBy: ["blobs-match-digest"],
  target: { components: ["files", "attachments", "api"] },
  isDefault: true,
  fits: hasStore("files"),
  async inject({ setFolder, artefacts, pick }) {
    // Attachments are the files whose name is a SHA-256; an empty one has no bit to flip.
    const blobs = artefacts.filter(({ path, bytes }) => /(^|\/)[0-9a-f]{64}$/.test(path) && (bytes ?? 0) > 0);
    const chosen = blobs[pick(blobs.length)];
    if (chosen === undefined) return [];
    const path = join(setFolder, chosen.path);
    const before = await readFile(path);
    const after = flipBit(before, pick(before.length));
    await writeFile(path, after);
    return [{ subject: chosen.path, before: describeBytes(before), after: describeBytes(after) }];
  },
});
