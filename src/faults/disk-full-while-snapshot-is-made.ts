import { changeStep } from "../damage/changed-steps.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** Where the archive is written, every write ends with "no space left on device". */
const fillDisk = `docker compose exec -T -e ID="$BACKUP_ID" manager bash -ec '
  mkdir -p "/opt/manager/resources/snapshots/$ID"
  ln -s /dev/full "/opt/manager/resources/snapshots/$ID/$ID.zip.part"'
`;

/** The snapshot must be called failed, and no part of an archive may be offered. */
export default defineFault({
  id: "disk-full-while-snapshot-is-made",
  title: "The manager's disk is full while the snapshot is packed",
  source: "dossier cloudify F20: disk full while zipping",
  caughtBy: ["acknowledged-writes-survive", "backup-set-complete"],
  target: { components: "all" },
  takenWith: (blocks) => changeStep(blocks, "create-snapshot", (script) => `${fillDisk}${script}`),
  fits: hasStore("security-keys"),
});
