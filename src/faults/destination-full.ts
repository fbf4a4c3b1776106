import { rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { defineFault } from "../core/fault.ts";

/** The disk of the backup was full half-way: the file that was being written is cut off, and none came after it. */
export default defineFault({
  id: "destination-full",
  title: "The destination of the backup was full half-way",
  source: "dossier F27: backup destination full",
  caughtBy: ["restore-follows-order", "acknowledged-writes-survive"],
  target: { components: "all" },
  fits: () => true,
  async inject({ setFolder, artefacts }) {
    const bytes = artefacts.reduce((sum, artefact) => sum + (artefact.bytes ?? 0), 0);
    let room = Math.floor(bytes / 2);
    let absent = 0;
    const effects = [];
    for (const { path: subject, bytes: size } of artefacts) {
      const kept = Math.min(room, size ?? 0);
      room -= kept;
      if (room > 0 || (kept > 0 && kept === size)) continue;
      if (kept > 0) {
        await truncate(join(setFolder, subject), kept);
        effects.push({ subject, before: `${size ?? 0} bytes`, after: `${kept} bytes` });
      } else {
        await rm(join(setFolder, subject));
        absent += 1;
      }
    }
    if (absent > 0)
      effects.push({ subject: "what would have come after it", before: `${absent} files`, after: "absent" });
    return effects;
  },
});
