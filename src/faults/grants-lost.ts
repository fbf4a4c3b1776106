import { defineFault, hasStore } from "../core/fault.ts";
import { damageAfter } from "../damage/changed-steps.ts";

const revoke = `
. ./.env
docker compose exec -T cassandra cqlsh $CASSANDRA_LOGIN -e 'REVOKE ALL PERMISSIONS ON KEYSPACE thehive FROM thehive'
`;

/** Every row is back and every role can log in; the application's may not do everything that it could. */
export default defineFault({
  id: "grants-lost",
  title: "The application's role is no longer granted its keyspace",
  source: "dossier F25, D6 and T15: grants go with the keyspace that is dropped",
  caughtBy: ["configuration-restored"],
  target: { components: ["accounts"] },
  reorder: (blocks) => damageAfter(blocks, "restore-database", revoke),
  fits: hasStore("cassandra-accounts"),
});
