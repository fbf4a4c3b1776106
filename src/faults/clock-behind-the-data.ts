import { defineFault } from "../core/fault.ts";
import { damageAfter } from "../damage/changed-steps.ts";

/**
 * The database believes the latest timestamp, and timestamps are the clients' clocks. A container has no clock of its own
 * that could be set back, so the data is set forward: every restored cell is written again with tomorrow's time. What
 * counts is the difference, and that is the same.
 */
const setForward = `
docker compose exec -T -e PYTHONPATH=/opt/cqlsh -e PYTHONWARNINGS=ignore cassandra python3 - <<'END'
import time
from cassandra.cluster import Cluster
from cassandra.concurrent import execute_concurrent_with_args
session = Cluster(["127.0.0.1"]).connect("thehive")
tomorrow = int((time.time() + 86400) * 1000000)
for table in ("edgestore", "graphindex"):
    cells = [tuple(row) for row in session.execute("SELECT key, column1, value FROM " + table)]
    write = session.prepare(
        "INSERT INTO " + table + " (key, column1, value) VALUES (?, ?, ?) USING TIMESTAMP " + str(tomorrow))
    execute_concurrent_with_args(session, write, cells, concurrency=64)
    print(table, len(cells), "cells written with the time of tomorrow")
END
`;

/** Everything is there and is served; a change is acknowledged, and the old value stays. */
export default defineFault({
  id: "clock-behind-the-data",
  title: "The clock of the target is a day behind the restored data",
  source: "dossier F28: writes of a clock that is behind stay shadowed",
  caughtBy: ["writes-work-again"],
  target: { components: ["cassandra", "api"] },
  reorder: (blocks) => damageAfter(blocks, "restore-database", setForward),
  fits: (components, procedure) =>
    procedure?.mode === "hot" && components.some(({ store }) => store === "cassandra"),
});
