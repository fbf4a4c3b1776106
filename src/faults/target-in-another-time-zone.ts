import { setVariable } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** Times are kept in UTC, so a host in another zone changes nothing; naive times in the database make it worth a look. */
export default defineFault({
  id: "target-in-another-time-zone",
  title: "The new manager lives in another time zone",
  source: "dossier cloudify F18 and Z4",
  caughtBy: [],
  target: { components: [] },
  expected: "either",
  fits: hasStore("security-keys"),
  async inject(context) {
    return await setVariable(context, "MANAGER_TIMEZONE", "America/St_Johns");
  },
});
