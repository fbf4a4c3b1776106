import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Fault } from "../core/fault.ts";

/** Damage to objects of a bucket, through the S3 client of the stack, as a person with the same key could do it. */

/** Fits where files are objects of an S3 server. */
export const keepsObjects: Fault["fits"] = (components) =>
  components.some(({ id, service }) => id === "files" && service === "s3");

/** Script that starts the server and deletes the first of the objects; `$object` and its delete marker `$marker` are set. */
export const deleteOneObject = `
docker compose up -d --wait s3
mcli() { docker compose run --rm --no-deps -T mcli "$@"; }
object=$(mcli find files/thehive/attachment | sort | sed -n 1p)
deleted=$(mcli rm "$object")
echo "$deleted"
marker=$(sed 's/.*versionId=\\([0-9A-Z]*\\).*/\\1/' <<< "$deleted")
`;

/** Paths of a set at which S3 has marked an object as deleted: the server keeps its file, which nobody can read any more. */
export async function deletedObjects(setFolder: string): Promise<ReadonlySet<string>> {
  const listed = await readFile(join(setFolder, "files/objects.attributes"), "utf8").catch(() => "");
  const marked = listed.split("\n\n").filter((entry) => /^user\.delete-marker=/m.test(entry));
  return new Set(marked.map((entry) => `files/objects/${/^# file: (.*)$/m.exec(entry)?.[1]}`));
}
