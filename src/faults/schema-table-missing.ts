import { defineFault } from "../core/fault.ts";
import { named, replaced } from "../damage/files.ts";

/** One table is not in the saved schema, so its SSTables have nowhere to go. */
export default defineFault({
  id: "schema-table-missing",
  title: "The saved schema lacks a table",
  source: "dossier F5: schema not restored",
  caughtBy: ["tables-complete", "restore-follows-order"],
  target: { components: ["cassandra"] },
  fits: (components, procedure) =>
    procedure?.mode === "hot" && components.some(({ store }) => store === "cassandra"),
  inject: named(/^[^/]+\/schema\.cql$/, replaced(/CREATE TABLE thehive\.graphindex [\s\S]*?;\n/, "")),
});
