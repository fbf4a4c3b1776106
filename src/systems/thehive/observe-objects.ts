import type { StackHandle } from "../../core/stack.ts";
import type { Seen } from "../../core/system.ts";
import { MusterError } from "../../core/errors.ts";
import { observation } from "../../core/seen.ts";
import { sha256Of } from "../../stores/digest.ts";
import { digestTree, type FileDigest } from "../../stores/files.ts";

/**
 * Attachments as objects of a bucket, read whether or not the S3 server runs. Source: versitygw 1.8, `backend/posix` and
 * `backend/meta`: an object is a file of its name, an older version a file below a folder of its own, and all else that S3
 * knows is an extended attribute. A deletion leaves the file where it is, bytes and all, and marks it as deleted.
 */

const bucket = "thehive";
const currentFolder = `/data/${bucket}`;
const versionsFolder = `/versions/${bucket}`;
const attachmentFolder = "attachment/";
/** What an object of which S3 knows nothing has. */
const nothing = "nothing";
/** Follows from the bytes, which are compared themselves. */
const checksums = "checksums";

/** Objects, older versions, and the bucket itself, each with what S3 keeps of it. */
export async function* observeObjects(stack: StackHandle): AsyncIterable<Seen> {
  const nameOfKeyDigest = new Map<string, string>();
  for await (const entry of readObjects(stack, currentFolder)) {
    const { path, kind, bytes, sha256, owner } = entry;
    if (path === "") yield observation("bucket", bucket, { digest: keptOfBucket(entry) });
    // The server's own work folder.
    if (path === "" || path.startsWith(".")) continue;
    yield observation("file-owner", path, { digest: owner });
    if (kind !== "file" || !path.startsWith(attachmentFolder)) continue;
    const name = path.slice(attachmentFolder.length);
    nameOfKeyDigest.set(sha256Of(path), name);
    yield observation("object", name, { digest: keptOf(entry) });
    if (!isDeleteMarker(entry)) yield observation("blob", name, { digest: sha256, bytes });
  }
  for await (const entry of readObjects(stack, versionsFolder)) {
    if (entry.kind !== "file" || entry.path.startsWith(".")) continue;
    const [version = "", keyDigest = ""] = entry.path.split("/").toReversed();
    const name = nameOfKeyDigest.get(keyDigest) ?? `key with SHA-256 ${keyDigest}`;
    const kept = keptOf(entry);
    yield observation("object-version", `${name}@${version}`, {
      digest: kept === nothing ? nothing : `${kept}, content ${entry.sha256}`,
      bytes: entry.bytes,
    });
  }
}

type StoredObject = FileDigest & Required<Pick<FileDigest, "attributes">>;

async function* readObjects(stack: StackHandle, folder: string): AsyncIterable<StoredObject> {
  for await (const entry of digestTree(stack.readTree("s3", folder, { withAttributes: true }))) {
    const { attributes } = entry;
    // Without having looked, nothing may be called lost.
    if (attributes === undefined)
      throw new MusterError("HARNESS", { message: `${folder} was read without its attributes` });
    yield { ...entry, attributes };
  }
}

function isDeleteMarker({ attributes }: StoredObject): boolean {
  return "delete-marker" in attributes;
}

/** In words that a finding can show, such as `content-type text/plain, etag 5d41…, version-id 01K…`. */
function keptOf({ attributes }: StoredObject): string {
  const words = Object.entries(attributes)
    .filter(([name]) => name !== checksums)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name} ${value}`.trim());
  return words.length === 0 ? nothing : words.join(", ");
}

/** The server keeps the bucket's versioning as one byte. */
function keptOfBucket({ attributes }: StoredObject): string {
  const { versioning } = attributes;
  if (versioning === undefined) return "versioning never enabled";
  return `versioning ${versioning === "\u0001" ? "enabled" : "suspended"}`;
}
