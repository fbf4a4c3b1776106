import { chown, stat } from "node:fs/promises";
import { join } from "node:path";
import { defineFault } from "../core/fault.ts";

/** Files were copied as another user: bytes and names are right, and the service may neither replace nor delete them. */
export default defineFault({
  id: "files-owner-lost",
  title: "Every attachment belongs to root",
  source: "dossier F19 and D12: copied without owners, restored as root",
  caughtBy: ["files-belong-to-the-service"],
  target: { components: ["files"] },
  fits: (components, procedure) =>
    procedure?.mode === "hot" && components.some(({ id, store }) => id === "files" && store === "files"),
  async inject({ setFolder, artefacts }) {
    const effects = [];
    for (const { path: subject } of artefacts.filter(({ path }) => path.startsWith("files/attachment/"))) {
      const path = join(setFolder, subject);
      const before = await stat(path);
      await chown(path, 0, 0);
      const after = await stat(path);
      effects.push({ subject, before: `${before.uid}:${before.gid}`, after: `${after.uid}:${after.gid}` });
    }
    return effects;
  },
});
