import { mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { $ } from "zx";
import { copiesStore, defineFault } from "../core/fault.ts";

/** SSTables of a later backup lie beside those that are restored: what was deleted later stays deleted, what was written later is back. */
export default defineFault({
  id: "newer-sstables-mixed-in",
  title: "SSTables of a later backup lie among those that are restored",
  source: "dossier F22: later tombstones shadow what is restored",
  caughtBy: ["acknowledged-writes-survive", "no-unexplained-records", "content-unchanged"],
  target: { components: "all" },
  generations: "two",
  restores: "earlier",
  fits: copiesStore("cassandra"),
  async inject({ setFolder, otherSetFolder }) {
    if (otherSetFolder === undefined) return [];
    const effects = [];
    const rows = "cassandra/data/thehive";
    for (const path of (await readdir(join(otherSetFolder, rows), { recursive: true })).toSorted()) {
      const [, folder, generation, rest] = /^(edgestore-[^/]+)\/nb-(\d+)-(.+)$/.exec(path) ?? [];
      if (folder === undefined) continue;
      // Under numbers of their own, as an import gives them.
      const subject = join(rows, folder, `nb-${Number(generation) + 1000}-${rest}`);
      await mkdir(dirname(join(setFolder, subject)), { recursive: true });
      await $({ quiet: true })`cp -a ${join(otherSetFolder, rows, path)} ${join(setFolder, subject)}`;
      effects.push({ subject, before: "absent", after: "of the later backup" });
    }
    return effects;
  },
});
