import { defineFault } from "../core/fault.ts";
import { named } from "../damage/files.ts";

/** The manifest is there, and is none. */
export default defineFault({
  id: "manifest-unreadable",
  title: "The manifest cannot be read",
  source: "false greens 3: a manifest that cannot be read counts as valid (medusa 297)",
  caughtBy: ["backup-set-complete"],
  target: { components: "all" },
  damages: "seal",
  fits: () => true,
  inject: named(/^MANIFEST[^/]*$/, () => Buffer.from("{")),
});
