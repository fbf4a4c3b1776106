import { randomBytes } from "node:crypto";
import { damageValue } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** Everything is there and nothing can be decrypted. */
export default defineFault({
  id: "snapshot-encryption-key-swapped",
  title: "The snapshot brings another encryption key than its secrets were written with",
  source: "dossier cloudify F6: encryption_key swapped; seen in the product's history (CM PR 1265, 4243)",
  caughtBy: ["configuration-restored", "content-unchanged"],
  target: { components: "all" },
  fits: hasStore("security-keys"),
  isDefault: true,
  async inject(context) {
    return await damageValue(context, "rest-security.conf", (values) => {
      const length = Buffer.from(String(values["encryption_key"]), "base64url").length;
      values["encryption_key"] = randomBytes(length).toString("base64url");
    });
  },
});
