import { setTimeout as sleep } from "node:timers/promises";
import { hashPassword } from "./auth.ts";
import type { Config } from "./config.ts";
import * as scripts from "./scripts.ts";
import type { Store } from "./store.ts";

export const schemaVersion = 42;
const startLimitMs = 60_000;

/** Elasticsearch seen from the application: whether it answers, and how many documents it says it has. */
export class IndexBackend {
  readonly #config: Config;

  constructor(config: Config) {
    this.#config = config;
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly json: unknown }> {
    const { indexUrl, indexUser, indexPassword } = this.#config;
    const response = await fetch(`${indexUrl}${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${indexUser}:${indexPassword}`).toString("base64")}`,
        "content-type": "application/json",
      },
      signal: AbortSignal.timeout(30_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: await response.json() };
  }
}

/**
 * Start-up as TheHive's where it matters to a restore: without its index backend it refuses to start, and a database
 * without a schema version is taken for a new one and gets the schema and the default administrator.
 */
export async function initialise(store: Store, index: IndexBackend, nowMs: () => number): Promise<void> {
  await until(
    "index",
    async () => (await index.call("GET", "/_cluster/health")).status === 200,
    "Database initialisation has failed because the index is not available",
  );
  await until(
    "database",
    async () => (await store.graph.run(scripts.readVersion, {}, 5000)) !== undefined,
    "Database initialisation has failed because the database is not available",
  );
  const { version } = (await store.graph.run(scripts.readVersion)) as { version: number | null };
  if (version === schemaVersion) {
    console.log(`Schema is up-to-date (version ${version})`);
    return;
  }
  if (version !== null)
    throw new Error(
      `Database has schema version ${version}, this application needs ${schemaVersion}; there is no way down`,
    );
  console.log("Database is empty: creating schema and initial values");
  await createInitialValues(store, nowMs());
}

async function createInitialValues(store: Store, nowMs: number): Promise<void> {
  // A schema that is already there (version lost, tables kept) stays; TheHive's own schema operations skip what exists.
  await store.graph
    .run(scripts.createSchema)
    .catch((problem: unknown) => console.error(`schema: ${String(problem)}`));
  const created = { createdBy: "system@thehive.local", createdAt: nowMs };
  if ((await store.userByLogin("admin@thehive.local")) === undefined) {
    await store.mutate([
      {
        op: "add",
        ref: "organisation",
        label: "Organisation",
        fields: { name: "admin", description: "organisation for administration", ...created },
      },
      {
        op: "add",
        ref: "user",
        label: "User",
        fields: {
          login: "admin@thehive.local",
          name: "Default admin user",
          profile: "admin",
          organisation: "admin",
          password: hashPassword("secret"),
          ...created,
        },
      },
      { op: "edge", from: "organisation", label: "OrganisationUser", to: "user" },
    ]);
  } else {
    const user = await store.userByLogin("admin@thehive.local");
    if (user !== undefined)
      await store.mutate([{ op: "set", id: user.id, fields: { password: hashPassword("secret") } }]);
  }
  await store.graph.run(scripts.writeVersion, { version: schemaVersion });
}

async function until(what: string, ready: () => Promise<boolean>, refusal: string): Promise<void> {
  const beganAt = performance.now();
  let last: unknown = "no answer";
  while (performance.now() - beganAt < startLimitMs) {
    try {
      if (await ready()) return;
    } catch (problem) {
      last = problem;
    }
    await sleep(500);
  }
  throw new Error(`${refusal} (${what}: ${String(last)})`);
}
