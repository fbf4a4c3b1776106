import { damageAfter } from "../damage/changed-steps.ts";
import { defineFault, hasStore } from "../core/fault.ts";

const blueprint = `tosca_definitions_version: cloudify_dsl_1_3
node_templates: { server: { type: cloudify.nodes.Root } }`;
const upload = `
docker compose exec -T cfy bash -ec 'cat > /var/lib/cfy/found-there.yaml
  cfy blueprints upload /var/lib/cfy/found-there.yaml -b found-there' <<'END'
${blueprint}
END`;

/** The manager refuses it without `--force`: in the execution, not in the answer to the request. */
export default defineFault({
  id: "target-not-empty",
  title: "The new manager already holds a blueprint, and nobody says --force",
  source: "dossier cloudify F4: restore over a manager that holds data, without force",
  caughtBy: ["acknowledged-writes-survive", "restore-follows-order"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  reorder: (blocks) => damageAfter(blocks, "start-new-manager", upload),
});
