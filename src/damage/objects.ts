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
