import { defineFault } from "../core/fault.ts";
import { changeStart } from "../damage/changed-steps.ts";

function mountedReadOnly(script: string): string {
  return `sed -i 's,\\(files-data:/opt/thp/thehive/files\\|share-data:/mnt/share\\)$,\\1:ro,' compose.yaml\n${script}`;
}

/** Every attachment is there and is served; only the next upload tells. */
export default defineFault({
  id: "files-mounted-read-only",
  title: "The folder of the attachments is mounted read-only",
  source: "dossier F19, for storage on a share: it came back read-only",
  caughtBy: ["writes-work-again"],
  target: { components: ["files", "api"] },
  reorder: (blocks) => changeStart(blocks, mountedReadOnly),
  fits: (components) => components.some(({ id, service }) => id === "files" && service === "thehive"),
});
