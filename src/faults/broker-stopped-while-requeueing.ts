import { changeStep, inOwnShell } from "../damage/changed-steps.ts";
import { setVariable } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

const point = "before:scheduled-executions";

/** Waits until the restore has come to its last step, takes the broker away, and lets it go on. */
const stopBroker = `(
  . "$BACKUP_DIR/deployment/.env"
  for _ in $(seq 200); do
    ! docker compose logs --no-log-prefix manager | grep -q "held at ${point}" || break
    sleep 0.2
  done
  docker compose stop rabbitmq
  docker compose exec -T manager curl -fsS -X PUT -u "admin:$ADMIN_PASSWORD" -H "Tenant: default_tenant" \\
    -H "Content-Type: application/json" -d '{"at": ""}' http://127.0.0.1/stand-in/stop
) &`;
const startBroker = `wait
docker compose up -d --no-recreate --wait rabbitmq`;

/** What cannot be put into the queue is failed by a manager that keeps its promises; what it said is in the restore's log. */
export default defineFault({
  id: "broker-stopped-while-requeueing",
  title: "The broker is down while scheduled executions are put into the queue",
  source: "dossier cloudify F9: broker down during re-queue",
  caughtBy: ["pending-stays-scheduled", "scheduled-rows-match-messages", "restore-follows-order"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  reorder: (blocks) =>
    changeStep(
      blocks,
      "restore-snapshot",
      (script) => `${stopBroker}\n${inOwnShell(script)}\n${startBroker}`,
    ),
  async inject(context) {
    return await setVariable(context, "CLOUDIFY_STOP_AT", `hold:${point}`);
  },
});
