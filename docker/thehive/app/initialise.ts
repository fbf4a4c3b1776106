import { setTimeout as sleep } from "node:timers/promises";
import { hashPassword } from "./auth.ts";
import { apiId } from "./entities.ts";
import type { IndexBackend } from "./index-backend.ts";
import { asFields } from "./json.ts";
import * as schema from "./schema.ts";
import * as scripts from "./scripts.ts";
import type { Store } from "./store.ts";

/** Version of the schema, kept as the graph variable `thehive_version`. */
export const schemaVersion = 42;
const startLimitMs = 60_000;
const graphAnswerLimitMs = 10_000;
const pauseMs = 500;
export const reindexLimitMs = 600_000;
const administrator = "admin@thehive.local";
const defaultPassword = "secret";

/**
 * Start-up as TheHive's where it matters to a restore: without its index backend it refuses to start, and a database
 * without a schema version is taken for a new one and gets the schema and the default administrator.
 * @throws Error where the index or the database is not available within 60 seconds, or was written by another version
 */
export async function initialise(
  store: Store,
  index: IndexBackend,
  { nowMs, rebuildsIndex }: { readonly nowMs: () => number; readonly rebuildsIndex: boolean },
): Promise<void> {
  await untilReady("Database initialisation has failed because the index is not available", async () => {
    const health = await index.health();
    // A password that is wrong stays wrong: no reason to wait.
    if (health === "status 401" || health === "status 403")
      throw new Refusal(`the index backend rejects the credentials, ${health}`);
    return health.startsWith("status") ? health : undefined;
  });
  await untilReady("Database initialisation has failed because the database is not available", async () => {
    await store.graph.run(scripts.readVersion, {}, graphAnswerLimitMs);
    return undefined;
  });
  const version = await readSchemaVersion(store);
  if (version === schemaVersion) {
    console.log(`Schema is up-to-date (version ${version})`);
    if (rebuildsIndex) await rebuildIndex(store, index);
    return;
  }
  if (version !== undefined)
    throw new Error(
      `Database has schema version ${version}, this application needs ${schemaVersion}; there is no way down`,
    );
  console.log("Database is empty: creating schema and initial values");
  await store.graph.run(schema.createSchema);
  await createInitialValues(store, nowMs());
  if ((await readTrialBegan(store)) === undefined)
    await store.graph.run(scripts.writeTrial, { beganAt: nowMs() });
  await store.graph.run(scripts.writeVersion, { version: schemaVersion });
}

/** Version that the database says it has; undefined for a new one. */
export async function readSchemaVersion(store: Store): Promise<number | undefined> {
  const version = asFields(await store.graph.run(scripts.readVersion))?.["version"];
  return typeof version === "number" ? version : undefined;
}

/** When the trial licence of this database began; undefined where it has none. */
export async function readTrialBegan(store: Store): Promise<number | undefined> {
  const beganAt = asFields(await store.graph.run(scripts.readTrial))?.["beganAt"];
  return typeof beganAt === "number" ? beganAt : undefined;
}

/** A new index with its mapping, filled from the database. A reindex alone would keep what the database does not hold. */
export async function rebuildIndex(store: Store, index: IndexBackend): Promise<void> {
  console.log("The index is dropped and built again");
  await index.remove();
  await store.graph.run(schema.registerIndex);
  await store.graph.run(schema.reindex, {}, reindexLimitMs);
}

/** The default organisation and administrator, whose password is the default one also where the user was there before. */
async function createInitialValues(store: Store, nowMs: number): Promise<void> {
  const created = { createdBy: "system@thehive.local", createdAt: nowMs };
  const password = hashPassword(defaultPassword);
  if ((await store.organisationByName("admin")) === undefined) {
    await store.create({
      label: "Organisation",
      fields: { name: "admin", description: "organisation for administration", ...created },
    });
  }
  const known = await store.userByLogin(administrator);
  if (known === undefined) {
    const fields = {
      login: administrator,
      name: "Default admin user",
      profile: "admin",
      password,
      ...created,
    };
    await store.create({ label: "User", fields, organisation: "admin" });
  } else await store.update("User", apiId(known.id), { password });
}

class Refusal extends Error {}

/** Asks until there is no complaint. */
async function untilReady(refusal: string, complaintOf: () => Promise<string | undefined>): Promise<void> {
  const beganAtMs = performance.now();
  let complaint: string | undefined = "no answer";
  while (performance.now() - beganAtMs < startLimitMs) {
    try {
      complaint = await complaintOf();
      if (complaint === undefined) return;
    } catch (problem) {
      complaint = reasonOf(problem);
      if (problem instanceof Refusal) break;
    }
    await sleep(pauseMs);
  }
  throw new Error(`${refusal} (${complaint})`);
}

/** A failed fetch says why in its cause only. */
function reasonOf(problem: unknown): string {
  if (!(problem instanceof Error)) return String(problem);
  return problem.cause instanceof Error ? `${problem.message}: ${problem.cause.message}` : problem.message;
}
