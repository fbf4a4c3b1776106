import { defineFault } from "../core/fault.ts";
import { givenTo } from "../damage/files.ts";

/** Files were copied as another user: bytes and names are right, and the service may neither replace nor delete them. */
export default defineFault({
  id: "files-owner-lost",
  title: "Every attachment belongs to root",
  source: "dossier F19 and D12: copied without owners, restored as root",
  caughtBy: ["files-belong-to-the-service"],
  target: { components: ["files"] },
  fits: (components) => components.some(({ id, store }) => id === "files" && store === "files"),
  inject: givenTo(0, /^files\/(objects\/)?attachment\//),
});
