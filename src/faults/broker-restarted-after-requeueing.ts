import { damageAfter } from "../damage/changed-steps.ts";
import { defineFault, hasStore } from "../core/fault.ts";

const restart = `
docker compose restart rabbitmq
docker compose up -d --no-recreate --wait rabbitmq manager`;

/** Queues and messages are durable, so nothing may be missing; whoever publishes without that loses all that waits. */
export default defineFault({
  id: "broker-restarted-after-requeueing",
  title: "The broker is restarted once the snapshot is restored",
  source: "dossier cloudify F9: broker restarted after re-queue",
  caughtBy: [],
  target: { components: [] },
  expected: "either",
  fits: hasStore("security-keys"),
  reorder: (blocks) => damageAfter(blocks, "restore-snapshot", restart),
});
