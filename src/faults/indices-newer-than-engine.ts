import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { defineFault, hasStore, type Fault, type FaultWords } from "../core/fault.ts";

/**
 * Indices and engine of two backups. The newer set's repository and store hold both, because nothing is ever deleted, so
 * only the names of the parts change hands.
 */
export function mixBackups(
  options: Omit<FaultWords, "target" | "fits"> & { readonly newer: "indices" | "engine" },
): Fault {
  const { newer, ...fault } = options;
  return defineFault({
    ...fault,
    target: {
      components: ["indices", "positions", "zeebe", "operate", "tasklist", "optimize", "records", "api"],
    },
    generations: "two",
    fits: hasStore("zeebe"),
    async inject({ setFolder, otherSetFolder: older }) {
      if (older === undefined) return [];
      const [indicesFrom, engineFrom] = newer === "indices" ? [setFolder, older] : [older, setFolder];
      const parts = await readFile(join(indicesFrom, "parts.txt"), "utf8");
      const engine = await readFile(join(engineFrom, "backup-id"), "utf8");
      const before = await describe(setFolder);
      await writeFile(join(setFolder, "parts.txt"), parts);
      await writeFile(join(setFolder, "backup-id"), engine);
      if (engineFrom !== setFolder)
        await $({ quiet: true })`cp -a ${join(older, "zeebe.json")} ${join(setFolder, "zeebe.json")}`;
      return [{ subject: "ids of indices and engine", before, after: await describe(setFolder) }];
    },
  });
}

async function describe(folder: string): Promise<string> {
  const [first = ""] = (await readFile(join(folder, "parts.txt"), "utf8")).split("\n");
  return `indices ${/\d{6,}/.exec(first)?.[0] ?? "unknown"}, engine ${(await readFile(join(folder, "backup-id"), "utf8")).trim()}`;
}

export default mixBackups({
  id: "indices-newer-than-engine",
  title: "Indices of a newer backup with the engine of an older one",
  source: "camunda F1 and F17, observed as (c1)",
  caughtBy: ["indices-not-ahead-of-the-engine", "restore-follows-order"],
  isDefault: true,
  newer: "indices",
});
