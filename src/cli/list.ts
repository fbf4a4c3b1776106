import { join } from "node:path";
import { exitStatus } from "../core/errors.ts";
import { loadInvariants } from "../check/invariants.ts";
import type { Project } from "../run/project.ts";

/** Everything that the project has, by name. */
export async function listCommand(project: Project): Promise<number> {
  const lines: string[] = [];
  const section = (title: string, rows: readonly string[]) =>
    lines.push(title, ...rows.map((row) => `  ${row}`), "");
  const systems = await Promise.all((await project.systemIds()).map((id) => project.loadSystem(id)));
  section(
    "Systems",
    systems.map(
      ({ id, title, components }) =>
        `${id.padEnd(14)} ${title} (${components.map((component) => component.id).join(", ")})`,
    ),
  );
  const settings = await Promise.all(
    systems.map(async ({ id }) => ({ id, offered: Object.entries(await project.settingsOf(id)) })),
  );
  section(
    "Settings",
    settings.flatMap(({ id, offered }) =>
      offered.map(
        ([name, { values, meaning }]) => `${id.padEnd(14)} ${name}=${values.join("|")}: ${meaning}`,
      ),
    ),
  );
  const drills = await Promise.all(
    (await project.drillIds()).map(async (id) => ({ id, drill: (await project.loadDrill(id)).drill })),
  );
  section(
    "Drills",
    drills.map(({ id, drill }) => `${id.padEnd(28)} ${drill.title}`),
  );
  section(
    "Runbooks",
    (await project.runbooks()).map((id) => join("drills", `${id}.runbook.md`)),
  );
  for (const { id } of systems) {
    const invariants = await loadInvariants(project.invariantFolders(id));
    section(
      `Invariants that judge ${id}`,
      invariants.map((invariant) => `${invariant.id.padEnd(32)} ${invariant.title}`),
    );
  }
  section(
    "Faults",
    (await project.loadFaults()).map(({ id, title }) => `${id.padEnd(32)} ${title}`),
  );
  process.stdout.write(lines.join("\n"));
  return exitStatus.verified;
}
