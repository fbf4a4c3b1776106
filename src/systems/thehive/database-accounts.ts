import { z } from "zod";
import { observation } from "../../core/seen.ts";
import type { StackHandle } from "../../core/stack.ts";
import type { DeploymentContext, Seen } from "../../core/system.ts";
import { CassandraStore } from "../../stores/cassandra.ts";
import { digestOf } from "../../stores/digest.ts";

/**
 * Roles and grants of Cassandra, where it asks for a password. Source: docs.strangebee.com, "Configure database and index
 * authentication": a role of the application's own, with all permissions on its keyspace. The operator has another, which
 * may read what is granted to whom; the first superuser keeps its name and gets another password.
 */

/** `as-published`: the operator's connection is written as the vendor's hot scripts write it. */
export const databaseAccounts = ["off", "on", "as-published"] as const;
export type DatabaseAccounts = (typeof databaseAccounts)[number];

export const applicationRole = "thehive";
const operatorRole = "operator";
export const accountsFile = "accounts.cql";

/** Kinds of what no write through the API ever changes, and without which the application is not let in. */
export const databaseAccountKinds = ["database-role", "database-grant"];

export interface OperatorLogin {
  readonly username: string;
  readonly password: string;
}

type Secrets = Pick<DeploymentContext, "secret">;

/** Passwords of the roles that the installation makes or changes. */
const passwordsOf = ({ secret }: Secrets): ReadonlyMap<string, string> =>
  new Map([
    ["cassandra", secret("cassandra-superuser")],
    [operatorRole, secret("cassandra-operator")],
    [applicationRole, secret("cassandra-application")],
  ]);

/** Undefined where Cassandra lets everybody in. */
export function operatorLogin({ secret }: Secrets, accounts: DatabaseAccounts): OperatorLogin | undefined {
  return accounts === "off" ? undefined : { username: operatorRole, password: secret("cassandra-operator") };
}

export const applicationPassword = ({ secret }: Secrets): string => secret("cassandra-application");

/**
 * What the operator types once on a new server. JanusGraph would make the keyspace itself, which asks for a permission over all
 * of them; with this one its role needs none beyond.
 */
export function installationOf(context: Secrets): string {
  const password = (name: string) => `LOGIN = true AND PASSWORD = '${context.secret(name)}'`;
  return `CREATE KEYSPACE IF NOT EXISTS thehive WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};
CREATE ROLE IF NOT EXISTS ${operatorRole} WITH ${password("cassandra-operator")};
GRANT CREATE ON ALL KEYSPACES TO ${operatorRole};
GRANT ALL PERMISSIONS ON KEYSPACE thehive TO ${operatorRole};
GRANT SELECT ON KEYSPACE system_auth TO ${operatorRole};
GRANT ALL PERMISSIONS ON ALL ROLES TO ${operatorRole};
CREATE ROLE IF NOT EXISTS ${applicationRole} WITH ${password("cassandra-application")};
GRANT ALL PERMISSIONS ON KEYSPACE thehive TO ${applicationRole};
ALTER ROLE cassandra WITH PASSWORD = '${context.secret("cassandra-superuser")}';
`;
}

/** Words of `docker compose` that carry the file into the server and run it there as the superuser of a new server. */
export const installationSteps: readonly (readonly string[])[] = [
  ["cp", accountsFile, `cassandra:/tmp/${accountsFile}`],
  ["exec", "-T", "cassandra", "cqlsh", "-u", "cassandra", "-p", "cassandra", "-f", `/tmp/${accountsFile}`],
];

/**
 * Variables of the operator's environment: options of the CQL shell, and how the published scripts call it. Where nobody is
 * asked for a password the first is empty and the second is an address.
 */
export function accountVariables(
  context: Secrets,
  accounts: DatabaseAccounts,
): readonly (readonly [string, string])[] {
  const login = operatorLogin(context, accounts);
  if (login === undefined)
    return [
      ["CASSANDRA_LOGIN", ""],
      ["CASSANDRA_CONNECTION", "127.0.0.1"],
    ];
  const { username, password } = login;
  const published = `127.0.0.1 ${username} -p ${password}`;
  return [
    ["CASSANDRA_AUTHENTICATOR", "PasswordAuthenticator"],
    ["CASSANDRA_AUTHORIZER", "CassandraAuthorizer"],
    ["CASSANDRA_USERNAME", applicationRole],
    ["CASSANDRA_PASSWORD", applicationPassword(context)],
    ["CASSANDRA_LOGIN", `"-u ${username} -p ${password}"`],
    [
      "CASSANDRA_CONNECTION",
      accounts === "as-published" ? `"${published}"` : `"127.0.0.1 -u ${username} -p ${password}"`,
    ],
  ];
}

export async function openCassandra(
  stack: StackHandle,
  login: OperatorLogin | undefined,
): Promise<CassandraStore> {
  const { host, port } = await stack.endpoint("cassandra", 9042);
  return await CassandraStore.open({ host, port, ...(login === undefined ? {} : { credentials: login }) });
}

const names = z.array(z.string()).nullable();

/** What a component of its own holds: roles, and what each of them is granted. */
export async function* observeDatabaseAccounts(
  stack: StackHandle,
  context: Secrets,
  accounts: DatabaseAccounts,
): AsyncIterable<Seen> {
  const { host, port } = await stack.endpoint("cassandra", 9042);
  const letsIn = (username: string, password: string) =>
    CassandraStore.letsIn({ host, port, credentials: { username, password } });
  const passwords = passwordsOf(context);
  // A server that asks nobody lets every role in, with whatever password.
  const anybody = await letsIn(applicationRole, `not ${applicationPassword(context)}`);
  yield observation("database-role", "anybody", { digest: anybody ? "let in" : "rejected" });
  await using store = await openCassandra(stack, operatorLogin(context, accounts));
  yield* accountsIn(store, async (username) => {
    const password = passwords.get(username);
    return password === undefined ? undefined : await letsIn(username, password);
  });
}

/**
 * A password is known by trying it, for the hash of one and the same password is another each time that it is set; of a role
 * that is not ours nothing else is known than its hash. Grants of superusers are left out: they have every right, and whoever
 * restores as one gets some on the way.
 * @param letsIn undefined for a role whose password is not known here
 */
export async function* accountsIn(
  store: Pick<CassandraStore, "rows">,
  letsIn: (role: string) => Promise<boolean | undefined>,
): AsyncIterable<Seen> {
  const superusers = new Set<string>();
  for await (const row of store.rows(
    "SELECT role, can_login, is_superuser, member_of, salted_hash FROM system_auth.roles",
  )) {
    const role = z.string().parse(row.get("role"));
    const isSuperuser = z.boolean().parse(row.get("is_superuser"));
    if (isSuperuser) superusers.add(role);
    const digest = digestOf({
      canLogin: z.boolean().parse(row.get("can_login")),
      isSuperuser,
      memberOf: (names.parse(row.get("member_of")) ?? []).toSorted(),
      password: (await letsIn(role)) ?? z.string().nullable().parse(row.get("salted_hash")),
    });
    yield observation("database-role", role, { digest });
  }
  for await (const row of store.rows(
    "SELECT role, resource, permissions FROM system_auth.role_permissions",
  )) {
    const role = z.string().parse(row.get("role"));
    if (superusers.has(role)) continue;
    const resource = z.string().parse(row.get("resource"));
    for (const permission of names.parse(row.get("permissions")) ?? [])
      yield observation("database-grant", `${permission} on ${resource} to ${role}`);
  }
}
