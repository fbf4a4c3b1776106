import type { StackHandle } from "../../core/stack.ts";
import type { Seen } from "../../core/system.ts";
import { filesFolder, type Storage } from "./deployment.ts";
import { observeObjects } from "./observe-objects.ts";
import { digestTree } from "../../stores/files.ts";
import { observation } from "../../core/seen.ts";

/** Attachments and configuration as files, read whether or not the application runs. */

const configFolder = "/etc/thehive";
const attachmentFolder = "attachment/";

/** A stored file is named by the SHA-256 of its content. Source: ScalliGraph `StorageSrv`, TheHive `AttachmentSrv`. */
export async function* observeFiles(stack: StackHandle, storage: Storage): AsyncIterable<Seen> {
  if (storage === "s3") return yield* observeObjects(stack);
  for await (const { path, kind, bytes, sha256, owner } of digestTree(
    stack.readTree("thehive", filesFolder[storage]),
  )) {
    // An upload that was under way when the application was stopped is no attachment yet.
    if (path.startsWith(".") || path.endsWith(".part")) continue;
    yield observation("file-owner", path, { digest: owner });
    if (kind === "file" && path.startsWith(attachmentFolder)) {
      yield observation("blob", path.slice(attachmentFolder.length), { digest: sha256, bytes });
    }
  }
}

export async function* observeConfig(stack: StackHandle): AsyncIterable<Seen> {
  for await (const { path, kind, bytes, sha256 } of digestTree(stack.readTree("thehive", configFolder))) {
    if (kind === "file") yield observation("setting", path, { digest: sha256, bytes });
  }
}
