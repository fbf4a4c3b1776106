import type { Placement } from "../../core/tables.ts";

/**
 * Where each kind must be found. While the application is down importers have not caught up, so that only positions and
 * counts can be judged there, by invariants of this system. Left out on purpose: alias, canary, checkpoint, index,
 * and every kind of position.
 */

type Role = Placement["role"];

const indices: readonly (readonly [string, readonly string[]])[] = [
  ["process-instance", ["operate", "optimize", "records"]],
  ["timer-instance", ["operate", "optimize", "records"]],
  ["variable", ["operate", "records"]],
  ["incident", ["operate"]],
  ["user-task", ["tasklist"]],
];
const served = ["process-instance", "timer-instance", "variable", "incident", "user-task"] as const;
const engine = ["active-instance", "job"] as const;
const resources: readonly (readonly [string, readonly string[]])[] = [
  ["definition", ["operate", "optimize", "records"]],
  ["decision", ["operate", "records"]],
  ["form", ["tasklist", "records"]],
];

function place(kind: string, component: string, role: Role): readonly Placement[] {
  return [{ kind, component, role, since_gate: "started" }];
}

export const placements: readonly Placement[] = [
  ...engine.flatMap((kind) => place(kind, "zeebe", "store")),
  ...indices.flatMap(([kind, components]) =>
    components.flatMap((component) => place(kind, component, "index")),
  ),
  ...served.flatMap((kind) => place(kind, "api", "api")),
  ...resources.flatMap(([kind, components]) =>
    components.flatMap((component) => place(kind, component, "index")),
  ),
  ...place("definition", "api", "api"),
  ...place("screen", "screens", "api"),
];
