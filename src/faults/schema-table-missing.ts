import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describeBytes } from "../core/damage.ts";
import { defineFault } from "../core/fault.ts";

/** One table is not in the saved schema, so its SSTables have nowhere to go. */
export default defineFault({
  id: "schema-table-missing",
  title: "The saved schema lacks a table",
  source: "dossier F5: schema not restored",
  caughtBy: ["tables-complete", "restore-follows-order"],
  target: { components: ["cassandra"] },
  fits: (components, procedure) =>
    procedure?.mode === "hot" && components.some(({ store }) => store === "cassandra"),
  async inject({ setFolder, artefacts }) {
    const subject = artefacts.find(
      ({ path }) => path.endsWith("schema.cql") && path.split("/").length === 2,
    )?.path;
    if (subject === undefined) return [];
    const path = join(setFolder, subject);
    const before = await readFile(path);
    const after = Buffer.from(before.toString().replace(/CREATE TABLE thehive\.graphindex [\s\S]*?;\n/, ""));
    await writeFile(path, after);
    return [{ subject, before: describeBytes(before), after: describeBytes(after) }];
  },
});
