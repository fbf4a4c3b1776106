import { randomBytes } from "node:crypto";
import { damageValue } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** Passwords are salted with it: nobody from before can log in. */
export default defineFault({
  id: "snapshot-hash-salt-swapped",
  title: "The snapshot brings another salt than its passwords were hashed with",
  source: "dossier cloudify F7: hash_salt swapped",
  caughtBy: ["configuration-restored", "restore-follows-order"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  async inject(context) {
    return await damageValue(context, "rest-security.conf", (values) => {
      values["hash_salt"] = randomBytes(16).toString("hex");
    });
  },
});
