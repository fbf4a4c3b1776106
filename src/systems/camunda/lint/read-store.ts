import { readFile, readdir, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { z } from "zod";
import { messageOf } from "../../../core/errors.ts";
import type { Manifest, StoredManifest, StoredPartition } from "./listing.ts";
import { readJson } from "./read-json.ts";

/**
 * Keys of the S3 store: `[base/]<partition>/<id>/<node>/…`, from 8.9 below `manifests/` and `contents/`.
 * Source: `S3BackupStore` (`objectPrefix`, `objectPrefixV2`), checked against 8.6.0.
 */
const storeKey =
  /^(?:.*\/)?(?<partition>\d+)\/(?<id>\d+)\/(?<node>\d+)\/(?<path>manifest\.json|(?:snapshot|segments)\/.+)$/;

const objectRow = z
  .union([z.object({ key: z.string(), size: z.number() }), z.object({ Key: z.string(), Size: z.number() })])
  .transform((row) => ("key" in row ? row : { key: row.Key, size: row.Size }));
// Rows of our own form, or the answer of `aws s3api list-objects-v2` as it is.
const objectListing = z.union([
  z.array(objectRow),
  z.object({ Contents: z.array(objectRow).default([]) }).transform(({ Contents }) => Contents),
]);

// A set of names as a list was the form of 8.1. Source: `FileSet.Deserializer`.
const fileNames = z.union([
  z.array(z.string()),
  z.object({ files: z.record(z.string(), z.unknown()) }).transform(({ files }) => Object.keys(files)),
]);
const wholeNumber = z.int().nonnegative();
/** The broker of 8.6.0 writes seconds since 1970 with a fraction; the documentation shows the text of a date. */
const instantMs = z.union([
  z.number().transform((seconds) => seconds * 1_000),
  z.string().transform((text) => Date.parse(text)),
]);
const manifestBody = z.object({
  // In small letters in the S3 store of 8.6.0, in capitals in the documentation and in other stores.
  statusCode: z.string().transform((code) => code.toUpperCase()),
  failureReason: z.string().nullish(),
  id: z.object({ partitionId: wholeNumber, checkpointId: wholeNumber }).nullish(),
  descriptor: z
    .object({
      snapshotId: z.string().nullish(),
      checkpointPosition: z.int(),
      numberOfPartitions: wholeNumber,
      brokerVersion: z.string(),
    })
    .nullish(),
  snapshotFiles: fileNames.nullish(),
  snapshotFileNames: fileNames.nullish(),
  segmentFiles: fileNames.nullish(),
  segmentFileNames: fileNames.nullish(),
  createdAt: instantMs.nullish(),
});

interface StoredObject {
  readonly size: number;
  /** Undefined where the text was not handed in. */
  readonly readText: (() => Promise<string>) | undefined;
}

export type StorePlace =
  { readonly folder: string } | { readonly file: string; readonly manifests: string | null };

/** Reads the broker's backup store from a copy of its bucket, or from a listing with the manifests beside it. */
export async function readStore(place: StorePlace): Promise<StoredPartition[]> {
  const objects = "folder" in place ? await listFolder(place.folder) : await listRows(place);
  const folders = new Map<
    string,
    { at: Pick<StoredPartition, "partition" | "id" | "node">; paths: Map<string, StoredObject> }
  >();
  for (const [key, stored] of objects) {
    const { partition, id, node, path } = storeKey.exec(key)?.groups ?? {};
    if (partition === undefined || id === undefined || node === undefined || path === undefined) continue;
    const name = `${Number(partition)}/${id}/${node}`;
    const folder = folders.get(name) ?? { at: { partition: Number(partition), id, node }, paths: new Map() };
    folder.paths.set(path, stored);
    folders.set(name, folder);
  }
  return await Promise.all(
    [...folders.values()].map(async ({ at, paths }) => ({
      ...at,
      manifest: await openManifest(paths.get("manifest.json")),
      files: new Map(
        [...paths]
          .filter(([path]) => path !== "manifest.json")
          .map(([path, { size }]): [string, number] => [path, size]),
      ),
    })),
  );
}

async function listFolder(folder: string): Promise<Map<string, StoredObject>> {
  const objects = new Map<string, StoredObject>();
  for (const path of (await readdir(folder, { recursive: true })).toSorted()) {
    const stats = await stat(join(folder, path)).catch(() => null);
    // A link to nothing is an object that cannot be fetched.
    if (stats?.isFile() !== true) continue;
    objects.set(path.split(sep).join("/"), {
      size: stats.size,
      readText: () => readFile(join(folder, path), "utf8"),
    });
  }
  return objects;
}

async function listRows(place: {
  readonly file: string;
  readonly manifests: string | null;
}): Promise<Map<string, StoredObject>> {
  const given =
    place.manifests === null ? new Map<string, StoredObject>() : await listFolder(place.manifests);
  const rows = await readJson(place.file, objectListing);
  return new Map(rows.map(({ key, size }) => [key, { size, readText: given.get(key)?.readText }]));
}

async function openManifest(stored: StoredObject | undefined): Promise<StoredManifest> {
  if (stored === undefined) return { kind: "missing" };
  if (stored.readText === undefined) return { kind: "not-given" };
  try {
    return { kind: "read", manifest: toManifest(manifestBody.parse(JSON.parse(await stored.readText()))) };
  } catch (thrown) {
    // A manifest that no broker could read is damage of the set, not bad input.
    const problem =
      thrown instanceof z.ZodError
        ? `${thrown.issues[0]?.path.join(".") ?? ""}: ${thrown.issues[0]?.message ?? ""}`
        : messageOf(thrown);
    return { kind: "broken", problem };
  }
}

function toManifest(body: z.infer<typeof manifestBody>): Manifest {
  const createdMs = body.createdAt ?? Number.NaN;
  return {
    statusCode: body.statusCode,
    failureReason: body.failureReason ?? null,
    partition: body.id?.partitionId ?? null,
    backupId: body.id === undefined || body.id === null ? null : String(body.id.checkpointId),
    descriptor:
      body.descriptor === undefined || body.descriptor === null
        ? null
        : { ...body.descriptor, snapshotId: body.descriptor.snapshotId ?? null },
    snapshotFiles: body.snapshotFiles ?? body.snapshotFileNames ?? [],
    segmentFiles: body.segmentFiles ?? body.segmentFileNames ?? [],
    createdMs: Number.isNaN(createdMs) ? null : createdMs,
  };
}
