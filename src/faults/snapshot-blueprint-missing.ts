import { damageEntry } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** The product's restore writes a line about it and goes on. */
export default defineFault({
  id: "snapshot-blueprint-missing",
  title: "The archive of one uploaded blueprint is missing from the snapshot",
  source: "dossier cloudify F5: one of uploaded-blueprints removed",
  caughtBy: ["acknowledged-writes-survive"],
  target: { components: ["files", "api"] },
  fits: hasStore("security-keys"),
  isDefault: true,
  async inject(context) {
    return await damageEntry(
      context,
      (entries) => {
        const uploaded = entries.filter(({ name }) => name.startsWith("uploaded-blueprints/"));
        return uploaded[context.pick(uploaded.length)];
      },
      () => undefined,
    );
  },
});
