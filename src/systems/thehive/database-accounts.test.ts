import { expect, test } from "vitest";
import type { CassandraStore } from "../../stores/cassandra.ts";
import { chooseSettings } from "../../core/system.ts";
import { accountsIn } from "./database-accounts.ts";
import variants from "./system.ts";

const context = {
  secret: (name: string) => `secret-${name}`,
  image: (name: string) => name,
  projectFolder: ".",
};

async function filesWith(accounts: string): Promise<Map<string, string>> {
  const none = { accounts: "", audits: "", database: "", index: "", storage: "", snapshots: "" };
  const system = variants.system({ ...none, ...chooseSettings("thehive", variants.settings, { accounts }) });
  return new Map((await system.deployment(context)).map(({ path, text }) => [path, text]));
}

interface RoleRow {
  readonly role: string;
  readonly is_superuser: boolean;
  readonly salted_hash: string | null;
}

/** Rows as the driver gives them, by the table that is asked. */
function storeWith(roles: readonly RoleRow[], grants: readonly object[]): Pick<CassandraStore, "rows"> {
  const rowOf = (row: object) => ({
    get: (name: string): unknown => Object.entries(row).find(([key]) => key === name)?.[1],
  });
  return {
    async *rows(statement: string) {
      const rows = statement.includes("role_permissions")
        ? grants
        : roles.map((row) => ({ can_login: true, member_of: null, ...row }));
      for (const row of rows) yield rowOf(row) as never;
    },
  };
}

async function seenIn(
  store: Pick<CassandraStore, "rows">,
  letsIn: (role: string) => Promise<boolean | undefined> = () => Promise.resolve(undefined),
): Promise<Map<string, string | null>> {
  const seen = new Map<string, string | null>();
  for await (const one of accountsIn(store, letsIn))
    if (one.table === "observations") seen.set(`${one.kind} ${one.id}`, one.digest);
  return seen;
}

const superuser = { role: "cassandra", is_superuser: true, salted_hash: "hash-1" };
const application = { role: "thehive", is_superuser: false, salted_hash: "hash-2" };

test("every role is seen, and each permission of those that have no other right", async () => {
  const seen = await seenIn(
    storeWith(
      [superuser, application],
      [
        { role: "thehive", resource: "data/thehive", permissions: ["MODIFY", "SELECT"] },
        { role: "cassandra", resource: "roles/thehive", permissions: ["DROP"] },
      ],
    ),
  );
  expect([...seen.keys()]).toEqual([
    "database-role cassandra",
    "database-role thehive",
    "database-grant MODIFY on data/thehive to thehive",
    "database-grant SELECT on data/thehive to thehive",
  ]);
});

test("a password that was set again is the same, one that is not let in is another, and of a strange role the hash tells", async () => {
  const digestOf = async (row: RoleRow, letsIn?: boolean) =>
    (await seenIn(storeWith([row], []), () => Promise.resolve(letsIn))).get(`database-role ${row.role}`);
  const setAgain = { ...superuser, salted_hash: "the same password with other salt" };
  expect(await digestOf(setAgain, true)).toBe(await digestOf(superuser, true));
  expect(await digestOf(superuser, false)).not.toBe(await digestOf(superuser, true));
  expect(await digestOf(setAgain)).not.toBe(await digestOf(superuser));
});

test("the application gets a role of its own, and the operator's connection is written as it was chosen", async () => {
  const on = await filesWith("on");
  expect(on.get("application.conf")).toContain('db.janusgraph.storage.username = "thehive"\n');
  expect(on.get("accounts.cql")).toContain("GRANT ALL PERMISSIONS ON KEYSPACE thehive TO thehive;\n");
  expect(on.get(".env")).toContain(
    'CASSANDRA_CONNECTION="127.0.0.1 -u operator -p secret-cassandra-operator"\n',
  );
  expect((await filesWith("as-published")).get(".env")).toContain(
    'CASSANDRA_CONNECTION="127.0.0.1 operator -p secret-cassandra-operator"\n',
  );
});

test("where nobody is asked for a password there is no role, and the shell needs no options", async () => {
  const off = await filesWith("off");
  expect(off.has("accounts.cql")).toBe(false);
  expect(off.get("application.conf")).not.toContain("storage.username");
  expect(off.get(".env")).toContain("CASSANDRA_LOGIN=\nCASSANDRA_CONNECTION=127.0.0.1\n");
  expect(off.get(".env")).not.toContain("CASSANDRA_AUTHENTICATOR");
});

test("accounts on three nodes are refused instead of being left out", () => {
  const chosen = { accounts: "on", database: "three-nodes" };
  const settings = chooseSettings("thehive", variants.settings, chosen);
  const all = { accounts: "", audits: "", database: "", index: "", storage: "", snapshots: "", ...settings };
  expect(() => variants.system(all)).toThrow(/on one node only/);
});
