import { readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { defineFault, hasStore } from "../core/fault.ts";

/**
 * The table that says which schema version the database has comes back empty. The application takes the database for a
 * new one and gives it a default administrator: everything is up and green.
 */
export default defineFault({
  id: "database-reinitialised",
  title: "The table with the schema version comes back empty, so the application starts anew",
  source: "dossier F31: re-initialised database (and F4: system_properties omitted)",
  caughtBy: ["graph-version-kept", "default-administrator-rejected"],
  target: { components: ["sstables", "cassandra", "api"], invariants: ["tables-complete"] },
  isDefault: true,
  fits: hasStore("cassandra"),
  async inject({ setFolder, artefacts }) {
    const data = artefacts.filter(({ path }) => /\/system_properties-[^/]+\/[^/]+-Data\.db$/.test(path));
    const folders = new Set(data.map(({ path }) => dirname(path)));
    const effects = [];
    for (const folder of folders) {
      const names = await readdir(join(setFolder, folder));
      for (const name of names.filter((candidate) => /\.(db|txt|crc32)$/.test(candidate)))
        await rm(join(setFolder, folder, name));
      effects.push({
        subject: folder,
        before: `${names.length} entries`,
        after: `${(await readdir(join(setFolder, folder))).length} entries`,
      });
    }
    return effects;
  },
});
