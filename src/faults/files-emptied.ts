import { copiesStore, defineFault } from "../core/fault.ts";
import { emptied } from "../damage/files.ts";

/** The copy of the attachments ran over a folder that was not there: the set has none, and no step said so. */
export default defineFault({
  id: "files-emptied",
  title: "The set holds no attachment at all",
  source: "false greens 6 and 13: nothing restored, nothing reported",
  caughtBy: ["acknowledged-writes-survive", "references-resolve"],
  target: { components: ["files", "attachments", "api"], invariants: ["references-resolve"] },
  fits: copiesStore("files"),
  inject: emptied(/^(files\/attachment|attachments)$/, { withFolder: false }),
});
