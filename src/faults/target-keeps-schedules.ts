import { setVariable } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** What waits in the broker of the earlier product becomes a schedule of one run, and its execution is called failed. */
export default defineFault({
  id: "target-keeps-schedules",
  title: "The new manager is of the later profile, which keeps schedules in a table",
  source: "dossier cloudify R10: archive of 5.0.5 to 5.2 on 5.3 and later",
  caughtBy: [],
  target: { components: [] },
  expected: "either",
  fits: hasStore("security-keys"),
  async inject(context) {
    return await setVariable(context, "CLOUDIFY_PROFILE", "cfy6");
  },
});
