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
    const effects = [];
    let room = Math.floor(bytes / 2);
    for (const { path: subject, bytes: size } of artefacts) {
      const before = `${size ?? 0} bytes`;
      const kept = Math.min(room, size ?? 0);
      room -= kept;
      if (room > 0) continue;
      if (kept === 0) await rm(join(setFolder, subject));
      else await truncate(join(setFolder, subject), kept);
      const after = kept === 0 ? "absent" : `${kept} bytes`;
      if (before !== after) effects.push({ subject, before, after });
    }
    return effects;
  },
});
