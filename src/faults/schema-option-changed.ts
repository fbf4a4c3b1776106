import { defineFault } from "../core/fault.ts";
import { named, replaced } from "../damage/files.ts";

/** The saved schema is not the one that the tables had: everything is imported, and deletions are forgotten too early. */
export default defineFault({
  id: "schema-option-changed",
  title: "The saved schema gives a table another option than it had",
  source: "dossier F5: schema altered",
  caughtBy: ["tables-complete"],
  target: { components: ["cassandra"] },
  fits: (components, procedure) =>
    procedure?.mode === "hot" && components.some(({ store }) => store === "cassandra"),
  inject: named(
    /^[^/]+\/schema\.cql$/,
    replaced(/(CREATE TABLE thehive\.edgestore [\s\S]*?gc_grace_seconds = )\d+/, "$17"),
  ),
});
