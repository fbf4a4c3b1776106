import type { SetFinding } from "../../../core/set-lint.ts";
import { fault } from "./judge-snapshots.ts";
import type { ListedSet } from "./listing.ts";

/**
 * A set is restored into exactly the version that took it, so all of it must be of one. Optimize counts its patches by
 * itself: of it only the minor version is compared with the others.
 * Source: docs.camunda.io, restore, 8.6 to 8.9: the version of the backup, as its snapshots are named.
 */
export function judgeVersions(set: ListedSet): SetFinding[] {
  const snapshots = set.snapshots.flatMap(({ part }) =>
    part.version === null ? [] : [{ holder: part.component, version: part.version }],
  );
  const brokers = set.stored.flatMap(({ partition, manifest }) =>
    manifest.kind === "read" && manifest.manifest.descriptor !== null
      ? [{ holder: `partition ${partition}`, version: manifest.manifest.descriptor.brokerVersion }]
      : [],
  );
  const all: { readonly holder: string; readonly version: string }[] = [...snapshots, ...brokers];
  const optimize = all.filter(({ holder }) => holder === "optimize");
  const others = all.filter(({ holder }) => holder !== "optimize");
  const differs = (list: typeof all) => new Set(list.map(({ version }) => version)).size > 1;
  const minors = all.map(({ holder, version }) => ({ holder, version: minorOf(version) }));
  if (!differs(others) && !differs(optimize) && !differs(minors)) return [];
  const held = [...new Set(all.map(({ holder, version }) => `${holder} ${version}`))];
  return [fault("versions", `are not one: ${held.join(", ")}`)];
}

function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}
