import { defineFault } from "../core/fault.ts";
import { changeStep } from "../damage/changed-steps.ts";

/** With every node up, whatever another control did before: else that would be the reason to refuse. */
const oneCopy = `docker compose up -d --wait cassandra-3
docker compose exec -T cassandra cqlsh -e "ALTER KEYSPACE thehive
  WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1': '1'}"
`;

/** No node holds every row any more, and a snapshot of one is part of a backup that looks whole. */
export default defineFault({
  id: "database-one-copy",
  title: "Three nodes keep one copy of each row, and one of them is backed up",
  source: "dossier F29: replication factor below the number of nodes",
  caughtBy: ["acknowledged-writes-survive"],
  target: { components: ["cassandra"] },
  takenWith: (blocks) => changeStep(blocks, "prepare", (script) => `${oneCopy}${script}`),
  fits: (components, procedure) =>
    procedure?.mode === "hot" && components.some(({ service }) => service === "cassandra-3"),
});
