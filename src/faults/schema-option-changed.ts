import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describeBytes } from "../core/damage.ts";
import { defineFault } from "../core/fault.ts";

/** The saved schema is not the one that the tables had: everything is imported, and deletions are forgotten too early. */
export default defineFault({
  id: "schema-option-changed",
  title: "The saved schema gives a table another option than it had",
  source: "dossier F5: schema altered",
  caughtBy: ["tables-complete"],
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
    const after = Buffer.from(
      before.toString().replace(/(CREATE TABLE thehive\.edgestore [\s\S]*?gc_grace_seconds = )\d+/, "$17"),
    );
    await writeFile(path, after);
    return [{ subject, before: describeBytes(before), after: describeBytes(after) }];
  },
});
