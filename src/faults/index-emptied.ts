import { copiesStore, defineFault } from "../core/fault.ts";
import { emptied } from "../damage/files.ts";

/** The index starts as a new one: green, and without a document. */
export default defineFault({
  id: "index-emptied",
  title: "The index is empty",
  source: "dossier F11 and false greens 6: an empty index passes as a healthy one",
  caughtBy: ["index-agrees-with-store", "mapping-and-alias-kept"],
  target: { components: ["elasticsearch", "search"], invariants: ["stores-share-one-cut"] },
  fits: copiesStore("elasticsearch", "jsonl"),
  inject: emptied(/^(elasticsearch|search)$/, { withFolder: false }),
});
