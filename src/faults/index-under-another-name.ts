import { defineFault } from "../core/fault.ts";

const indicesAskedFor = /(\\?"indices\\?":\\?")(?:\$\([^)]*\)|[^"\\]+)(\\?")/;

/**
 * After every rebuild TheHive's index has another name. A snapshot that asks for the name of before holds nothing, and
 * where what is missing may be ignored, it is a success.
 */
export default defineFault({
  id: "index-under-another-name",
  title: "The index snapshot asks for an index of another name",
  source: "dossier F11 and D2: thehive_global becomes thehive_global1, unavailable indices are ignored",
  caughtBy: ["restore-follows-order", "acknowledged-writes-survive"],
  target: {
    components: ["elasticsearch"],
    invariants: ["index-agrees-with-store", "mapping-and-alias-kept", "stores-share-one-cut"],
  },
  takenWith: (blocks) =>
    blocks.map((block) => ({
      ...block,
      script: block.script.replace(indicesAskedFor, "$1thehive_global_of_before$2"),
    })),
  fits: (components, procedure) =>
    procedure?.mode === "hot" && components.some(({ store }) => store === "elasticsearch"),
});
