import { damageEntry } from "../damage/snapshot-archive.ts";
import { defineFault, hasStore } from "../core/fault.ts";

/** One letter in a row of the database's dump; every checksum of the archive is right. */
export default defineFault({
  id: "snapshot-row-changed",
  title: "One letter of one blueprint's description is another in the dump",
  source: "dossier cloudify F1: one byte of pg_data flipped",
  caughtBy: ["content-unchanged"],
  target: { components: ["database", "api"] },
  fits: hasStore("security-keys"),
  isDefault: true,
  async inject(context) {
    return await damageEntry(
      context,
      (entries) => entries.find(({ name }) => name === "pg_data"),
      (content) => Buffer.from(content.toString("utf8").replace("\tBlueprint 0 ", "\tBlueprinT 0 ")),
    );
  },
});
