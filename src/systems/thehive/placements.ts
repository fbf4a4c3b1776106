import type { Placement } from "../../core/tables.ts";
import type { Gate } from "../../core/verdict.ts";
import { auditKind } from "./audits.ts";
import { databaseAccountKinds, type DatabaseAccounts } from "./database-accounts.ts";
import type { Audits, Storage } from "./deployment.ts";
import { recordKinds } from "./marker.ts";

/** What the S3 server keeps beside the content of objects. */
const objectKinds = ["bucket", "object", "object-version"];

/**
 * Where each kind must be found. Left out on purpose, because they legitimately differ between gates or are judged by an
 * invariant of this system: table-folder, sstable*, id-block-*, instance, schema-table, graph-variable, index, alias, file-owner,
 * default-administrator. An index that the application builds after its start is looked for from then on.
 */
export function placementsWith({
  accounts,
  indexSince,
  audits,
  storage,
}: {
  readonly accounts: DatabaseAccounts;
  readonly indexSince: Gate;
  readonly audits: Audits;
  readonly storage: Storage;
}): readonly Placement[] {
  return [
    ...recordKinds.flatMap((kind): Placement[] => [
      { kind, component: "cassandra", role: "store", since_gate: "baseline" },
      { kind, component: "elasticsearch", role: "index", since_gate: indexSince },
      { kind, component: "api", role: "api", since_gate: "baseline" },
    ]),
    { kind: "vertex", component: "cassandra", role: "store", since_gate: "baseline" },
    { kind: "vertex", component: "elasticsearch", role: "index", since_gate: indexSince },
    { kind: "table", component: "cassandra", role: "store", since_gate: "baseline" },
    { kind: "blob", component: "files", role: "blob", since_gate: "baseline" },
    { kind: "blob", component: "api", role: "api", since_gate: "baseline" },
    ...(storage === "s3" ? objectKinds : []).map((kind): Placement => ({
      kind,
      component: "files",
      role: "attributes",
      since_gate: "baseline",
    })),
    // Primary data in the place of the index: no other store holds it.
    ...(audits === "index"
      ? [
          {
            kind: auditKind,
            component: "elasticsearch",
            role: "store",
            since_gate: "baseline",
          } as const,
        ]
      : []),
    ...(accounts === "off" ? [] : databaseAccountKinds).map((kind): Placement => ({
      kind,
      component: "accounts",
      role: "config",
      since_gate: "baseline",
    })),
    { kind: "setting", component: "config", role: "config", since_gate: "baseline" },
  ];
}
