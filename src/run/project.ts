import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { z } from "zod";
import { nearestNames, parseDrill, type Drill } from "../core/drill.ts";
import { MusterError } from "../core/errors.ts";
import type { Fault } from "../core/fault.ts";
import { parseRunbook, type Runbook } from "../core/runbook.ts";
import { chooseSettings, type Setting, type System, type SystemVariants } from "../core/system.ts";

/**
 * A project folder holds systems, drills, compose files and fixtures; this repository is one. A team keeps its own beside
 * its application. Folder listings are the registry: adding a part adds a file.
 */
export interface Project {
  readonly folder: string;
  drillIds(): Promise<string[]>;
  loadDrill(id: string): Promise<{ readonly drill: Drill; readonly file: string }>;
  systemIds(): Promise<string[]>;
  /** @param settings chosen by the drill, where the system offers a choice */
  loadSystem(id: string, settings?: Readonly<Record<string, string>>): Promise<System>;
  settingsOf(id: string): Promise<Readonly<Record<string, Setting>>>;
  faultIds(): Promise<string[]>;
  loadFaults(): Promise<Fault[]>;
  runbooks(): Promise<string[]>;
  loadRunbook(
    file: string,
  ): Promise<{ readonly runbook: Runbook; readonly text: string; readonly file: string }>;
  /** Folders of invariants that judge a system: the shared ones and its own. */
  invariantFolders(systemId: string): string[];
}

/** Folder of Muster itself: shared invariants and faults live here, also for a project elsewhere. */
export const packageFolder = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

export function openProject(folder: string): Project {
  const roots = [...new Set([resolve(folder), packageFolder])];
  return {
    folder: resolve(folder),
    drillIds: async () => (await listEach(roots, "drills", ".drill.yaml")).map(({ id }) => id),
    loadDrill: async (id) => {
      const file = await findNamed(await listEach(roots, "drills", ".drill.yaml"), id, "drill");
      return { drill: parseDrill(await readFile(file, "utf8"), relative(process.cwd(), file)), file };
    },
    systemIds: async () => (await listSystems(roots)).map(({ id }) => id),
    loadSystem: async (id, wanted = {}) => {
      const found = await importSystem(roots, id);
      const offered = "settings" in found ? found.settings : {};
      const chosen = chooseSettings(id, offered, wanted);
      return "settings" in found ? found.system(chosen) : found;
    },
    settingsOf: async (id) => {
      const found = await importSystem(roots, id);
      return "settings" in found ? found.settings : {};
    },
    faultIds: async () => (await listEach(roots, "src/faults", ".ts")).map(({ id }) => id),
    loadFaults: async () => await loadFaults(await listEach(roots, "src/faults", ".ts")),
    runbooks: async () => (await listEach(roots, "drills", ".runbook.md")).map(({ id }) => id),
    loadRunbook: async (file) => {
      const shown = relative(process.cwd(), file) || basename(file);
      const text = await readFile(file, "utf8").catch(() => {
        throw new MusterError("BAD_RUNBOOK", {
          message: `${shown}: cannot be read`,
          hint: "give the path of a Markdown runbook",
        });
      });
      return { runbook: parseRunbook(text, shown), text, file: shown };
    },
    invariantFolders: (systemId) => [
      join(packageFolder, "src/check/invariants"),
      ...roots
        .map((root) => join(root, "src/systems", systemId, "invariants"))
        .filter((candidate) => existsSync(candidate)),
    ],
  };
}

async function importSystem(roots: readonly string[], id: string): Promise<System | SystemVariants> {
  const file = await findNamed(await listSystems(roots), id, "system");
  return systemModule.parse(await import(pathToFileURL(file).href)).default;
}

interface Named {
  readonly id: string;
  readonly file: string;
}

/** Files below `<root>/<folder>` that end in `ending`; the id is the path without it. */
async function listEach(roots: readonly string[], folder: string, ending: string): Promise<Named[]> {
  const found = new Map<string, Named>();
  for (const root of roots) {
    const base = join(root, folder);
    const paths = await readdir(base, { recursive: true }).catch(() => []);
    for (const path of paths.toSorted()) {
      const id = path.slice(0, -ending.length);
      if (path.endsWith(ending) && !path.endsWith(".test.ts") && !found.has(id))
        found.set(id, { id, file: join(base, path) });
    }
  }
  return [...found.values()];
}

async function listSystems(roots: readonly string[]): Promise<Named[]> {
  const files = await listEach(roots, "src/systems", "/system.ts");
  return files.map(({ id, file }) => ({ id, file }));
}

async function findNamed(list: readonly Named[], id: string, what: string): Promise<string> {
  const named = list.find((candidate) => candidate.id === id);
  if (named !== undefined) return named.file;
  const nearest = nearestNames(
    id,
    list.map((candidate) => candidate.id),
  );
  throw new MusterError("UNKNOWN_NAME", {
    message: `no ${what} is called "${id}"`,
    hint: nearest.length > 0 ? `nearest: ${nearest.join(", ")}` : "`./muster list` shows what there is",
  });
}

// Modules are checked for their shape at the edge; what a system does is its own.
const systemModule = z.object({
  default: z.custom<System | SystemVariants>(
    (value) =>
      hasKeys(value, ["id", "stack", "components", "connect"]) || hasKeys(value, ["settings", "system"]),
  ),
});
const faultModule = z.object({
  default: z.custom<Fault>((value) => hasKeys(value, ["id", "caughtBy", "fits", "inject"])),
});

function hasKeys(value: unknown, keys: readonly string[]): boolean {
  return typeof value === "object" && value !== null && keys.every((key) => key in value);
}

async function loadFaults(list: readonly Named[]): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const { id, file } of list) {
    const fault = faultModule.parse(await import(pathToFileURL(file).href)).default;
    if (fault.id !== id) {
      throw new MusterError("HARNESS", {
        message: `fault file ${id}.ts calls itself "${fault.id}"`,
        hint: "file name and id are the same",
      });
    }
    faults.push(fault);
  }
  return faults;
}
