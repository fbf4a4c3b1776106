import type { Placement } from "../../core/tables.ts";

/**
 * Where each kind must be found. While the restored manager is in maintenance it serves nothing, but its stores are there.
 * Left out on purpose: what waits for its time, which own invariants compare between database and broker, rights, the
 * restore's own execution, and the manager's state.
 */

type Role = Placement["role"];

function place(kind: string, component: string, role: Role): Placement {
  return { kind, component, role, since_gate: role === "api" ? "started" : "restored" };
}

const inDatabase = [
  "tenant",
  "user",
  "membership",
  "secret",
  "blueprint",
  "deployment",
  "execution",
] as const;
const ofBefore = ["ended-execution", "execution-lines"] as const;
const inFiles = ["blueprint-archive", "blueprint-folder", "deployment-folder"] as const;
const served = [...inDatabase, "login", "blueprint-archive"] as const;

export const placements: readonly Placement[] = [
  ...[...inDatabase, ...ofBefore].map((kind) => place(kind, "database", "store")),
  ...inFiles.map((kind) => place(kind, "files", "store")),
  place("schedule", "database", "store"),
  place("tenant-vhost", "broker", "store"),
  place("security-key", "security", "config"),
  ...served.map((kind) => place(kind, "api", "api")),
];
