import { createHash } from "node:crypto";
import { z } from "zod";
import type { StackHandle } from "../../core/stack.ts";
import type { Seen } from "../../core/system.ts";
import { digestTree, textOf } from "../../stores/files.ts";
import { seen } from "./observe-api.ts";
import { idIn, sha256Of } from "./records.ts";

/** The manager's folder: the trees of the file server, and the keys that everything else depends on. */

const root = "/opt/manager";
const securityFile = "rest-security.conf";
const keysSchema = z.record(z.string(), z.unknown());

/** Archives as they were uploaded, blueprints as they were unpacked, and the folders of deployments. */
export async function* observeFiles(stack: StackHandle): AsyncIterable<Seen> {
  for await (const file of digestTree(stack.readTree("manager", `${root}/resources/uploaded-blueprints`))) {
    const [tenant = "", id = "", name = ""] = file.path.split("/");
    if (name === `${id}.zip`) yield seen("blueprint-archive", idIn(tenant, id), file.sha256, file.bytes);
  }
  const folders = new Map<string, string[]>();
  for await (const file of digestTree(stack.readTree("manager", `${root}/resources/blueprints`))) {
    const [tenant = "", id = "", ...path] = file.path.split("/");
    if (path.length === 0 || file.kind !== "file") continue;
    const known = folders.get(idIn(tenant, id)) ?? [];
    folders.set(idIn(tenant, id), [...known, `${path.join("/")} ${file.sha256}`]);
  }
  for (const [id, files] of folders)
    yield seen(
      "blueprint-folder",
      id,
      createHash("sha256").update(files.toSorted().join("\n")).digest("hex"),
    );
  for await (const file of digestTree(stack.readTree("manager", `${root}/resources/deployments`))) {
    const [tenant = "", id = "", ...path] = file.path.split("/");
    if (file.kind === "directory" && id !== "" && path.length === 0)
      yield seen("deployment-folder", idIn(tenant, id), null);
  }
}

/** Each key of `rest-security.conf` by its name; the values stay in the manager. */
export async function* observeSecurity(stack: StackHandle): AsyncIterable<Seen> {
  for await (const entry of stack.readTree("manager", root)) {
    if (entry.kind !== "file" || entry.path !== securityFile) {
      for await (const _ of entry.content); // Must be drained before the next entry.
      continue;
    }
    const keys = keysSchema.parse(JSON.parse(await textOf(entry.content)));
    for (const [name, value] of Object.entries(keys))
      yield seen("security-key", name, sha256Of(Buffer.from(String(value))));
  }
}
