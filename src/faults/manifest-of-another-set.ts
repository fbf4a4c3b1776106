import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { defineFault } from "../core/fault.ts";
import { named } from "../damage/files.ts";

/** The manifest is whole, and is that of another backup. */
export default defineFault({
  id: "manifest-of-another-set",
  title: "The manifest is that of another backup",
  source: "dossier F26: parts of several runs",
  caughtBy: ["backup-set-complete"],
  target: { components: "all" },
  damages: "seal",
  generations: "two",
  fits: () => true,
  async inject(context) {
    if (context.otherSetFolder === undefined) return [];
    const other = await readFile(join(context.otherSetFolder, "MANIFEST")).catch(() => undefined);
    return other === undefined ? [] : await named("MANIFEST", () => other)(context);
  },
});
