import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import { messageOf } from "../../../core/errors.ts";
import { componentNames, parseSnapshotName, type Expectation, type SetListing } from "./listing.ts";
import { badListing, readJson } from "./read-json.ts";
import { readStore, type StorePlace } from "./read-store.ts";

/** Files of a listing, by their names in the folder. */
interface Places {
  readonly snapshots: string;
  /** A copied bucket, or a listing of one. */
  readonly store: StorePlace;
  readonly expect: string | null;
}

// Fields that are not named here are let through: the vendor adds some with each version.
const snapshotBody = z.object({
  snapshots: z.array(
    z.object({
      snapshot: z.string(),
      state: z.string(),
      start_time_in_millis: z.number().optional(),
      start_time: z.string().optional(),
      indices: z.array(z.string()).default([]),
      failures: z.array(z.unknown()).default([]),
      shards: z.object({ failed: z.number() }).optional(),
    }),
  ),
  remaining: z.number().default(0),
});

const expectation = z.strictObject({
  partitions: z.int().positive().optional(),
  components: z.array(z.enum(componentNames)).nonempty().optional(),
  repositoryIndices: z.array(z.string().min(1)).default([]),
});

/** Reads a folder with a listing, or its files given one by one. */
export async function readListing(paths: readonly string[]): Promise<SetListing> {
  const places = await findPlaces(paths);
  return {
    snapshots: await readSnapshots(places.snapshots),
    stored: await readStore(places.store),
    expected: await readExpectation(places.expect),
  };
}

async function findPlaces(paths: readonly string[]): Promise<Places> {
  const found = new Map<string, string>();
  for (const path of (await Promise.all(paths.map(expand))).flat()) {
    const name = basename(path);
    if (found.has(name)) throw badListing(`"${name}" is given twice: ${found.get(name)} and ${path}`);
    found.set(name, path);
  }
  const snapshots = found.get("snapshots.json");
  const folder = found.get("store");
  const file = found.get("store.json");
  const where = paths.join(", ") || "no path";
  if (snapshots === undefined) throw badListing(`${where}: has no snapshots.json`);
  if (folder === undefined && file === undefined)
    throw badListing(`${where}: has neither store.json nor a folder store`);
  if (folder !== undefined && file !== undefined)
    throw badListing(`${where}: has both store.json and a folder store, and they could disagree`);
  return {
    snapshots,
    store:
      folder === undefined ? { file: file ?? "", manifests: found.get("manifests") ?? null } : { folder },
    expect: found.get("expect.json") ?? null,
  };
}

const partNames = ["snapshots.json", "store", "store.json", "manifests", "expect.json"];

/** A folder that holds the parts stands for them; a part stands for itself. */
async function expand(path: string): Promise<string[]> {
  const stats = await stat(path).catch((thrown: unknown) => {
    throw badListing(`${path}: cannot be read (${messageOf(thrown)})`);
  });
  if (!stats.isDirectory()) {
    if (partNames.includes(basename(path))) return [path];
    throw badListing(`${path}: is none of ${partNames.join(", ")}`);
  }
  const entries: Dirent[] = await readdir(path, { withFileTypes: true });
  const isSet = entries.some(({ name }) => name === "snapshots.json");
  if (!isSet && ["store", "manifests"].includes(basename(path))) return [path];
  return entries.filter(({ name }) => partNames.includes(name)).map(({ name }) => join(path, name));
}

async function readSnapshots(file: string): Promise<SetListing["snapshots"]> {
  const { snapshots, remaining } = await readJson(file, snapshotBody);
  if (remaining > 0)
    throw badListing(`${file}: is one page of the listing, ${remaining} snapshots are not in it`);
  return snapshots.map((snapshot) => {
    const startMs = snapshot.start_time_in_millis ?? Date.parse(snapshot.start_time ?? "");
    return {
      name: snapshot.snapshot,
      state: snapshot.state,
      // A repository that was asked for names only answers 0 or nothing.
      startMs: startMs > 0 ? startMs : null,
      shardsFailed: snapshot.shards?.failed ?? 0,
      failures: snapshot.failures.length,
      indices: snapshot.indices,
      part: parseSnapshotName(snapshot.snapshot),
    };
  });
}

async function readExpectation(file: string | null): Promise<Expectation> {
  if (file === null) return { partitions: null, components: null, indices: [] };
  const { partitions, components, repositoryIndices } = await readJson(file, expectation);
  return { partitions: partitions ?? null, components: components ?? null, indices: repositoryIndices };
}
