import { setVariable } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** The manager says that the restore is completed; agents of a tenant would find no virtual host to speak to. */
export default defineFault({
  id: "restore-without-virtual-hosts",
  title: "The restore leaves out virtual hosts and users of the broker",
  source: "dossier cloudify F15: the step for AMQP virtual hosts and users skipped",
  caughtBy: ["acknowledged-writes-survive"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  async inject(context) {
    return await setVariable(context, "CLOUDIFY_OMIT_STEP", "amqp-metadata");
  },
});
