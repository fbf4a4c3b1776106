import { defineFault } from "../core/fault.ts";
import { changeStart } from "../damage/changed-steps.ts";

function notMounted(script: string): string {
  return `sed -i '\\,- \\(files-data:/opt/thp/thehive/files\\|share-data:/mnt/share\\)$,d' compose.yaml\n${script}`;
}

/** The files are where they were put, and the application sees the empty folder below the mount; uploads into it work. */
export default defineFault({
  id: "files-not-mounted",
  title: "The folder of the attachments is not mounted when the application starts",
  source: "dossier F19, for storage on a share: the share did not come back with the server",
  caughtBy: ["acknowledged-writes-survive"],
  gate: "started",
  target: { components: ["files", "api"] },
  reorder: (blocks) => changeStart(blocks, notMounted),
  fits: (components) => components.some(({ id, service }) => id === "files" && service === "thehive"),
});
