import { damageAfter } from "../damage/changed-steps.ts";
import { defineFault, hasStore } from "../core/fault.ts";

const wipe = `
docker compose stop rabbitmq
docker compose run --rm --no-deps -T --entrypoint bash rabbitmq -c 'rm -rf /var/lib/rabbitmq/mnesia'
docker compose up -d --no-recreate --wait rabbitmq manager`;

/** The broker is in no snapshot: rows say that they are scheduled, and nothing will ever start them. */
export default defineFault({
  id: "broker-wiped-after-restore",
  title: "The broker loses its data once the snapshot is restored",
  source: "dossier cloudify F10: broker wiped after restore",
  caughtBy: ["scheduled-rows-match-messages"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  reorder: (blocks) => damageAfter(blocks, "restore-snapshot", wipe),
});
