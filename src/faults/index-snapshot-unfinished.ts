import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { defineFault } from "../core/fault.ts";

const ofTheEnd = /^(index-\d+|index\.latest|snap-.+\.dat)$/;

/** The repository as it is before a snapshot has ended: its data is there, and nothing that says that it is a snapshot. */
export default defineFault({
  id: "index-snapshot-unfinished",
  title: "The index snapshot was copied away before it was complete",
  source: "dossier F7 and D1: success is reported once the request is accepted",
  caughtBy: ["restore-follows-order", "acknowledged-writes-survive"],
  target: { components: ["elasticsearch"], invariants: ["index-agrees-with-store", "stores-share-one-cut"] },
  fits: (components, procedure) =>
    procedure?.mode === "hot" && components.some(({ store }) => store === "elasticsearch"),
  async inject({ setFolder, artefacts }) {
    const files = artefacts.filter(
      ({ path }) => path.startsWith("elasticsearch/") && ofTheEnd.test(basename(path)),
    );
    for (const { path } of files) await rm(join(setFolder, path));
    return files.map(({ path, bytes }) => ({
      subject: path,
      before: `${bytes ?? 0} bytes`,
      after: "absent",
    }));
  },
});
