import { posix } from "node:path";
import { Readable } from "node:stream";
import { extract, pack } from "tar-stream";
import type { TreeEntry } from "../core/stack.ts";
import type { DeploymentFile } from "../core/system.ts";
import { docker, isNotFound } from "./docker-client.ts";
import type { RunLabels } from "./labels.ts";

/**
 * Reading and filling volumes through a container that is created and never started: it works whether or not the
 * service runs, needs no program inside the image and changes nothing.
 */

export interface VolumeAccess {
  readonly image: string;
  readonly volume: string;
  readonly labels: RunLabels;
}

export const mountedAt = "/muster-volume";

/** Streams what is below `folder` of a volume, in the archive's order. Yields nothing where the folder is absent. */
export async function* readVolume(access: VolumeAccess, folder: string): AsyncIterable<TreeEntry> {
  const container = await createHolder(access, "ro");
  try {
    const archive = await container
      .getArchive({ path: posix.join(mountedAt, folder) })
      .catch((thrown: unknown) => {
        if (isNotFound(thrown)) return undefined;
        throw thrown;
      });
    if (archive !== undefined) yield* entriesOf(Readable.from(archive));
  } finally {
    // With what the image declares as a volume of its own; named volumes stay.
    await container.remove({ force: true, v: true });
  }
}

async function* entriesOf(archive: Readable): AsyncIterable<TreeEntry> {
  const reader = extract();
  archive.on("error", (error) => reader.destroy(error));
  archive.pipe(reader);
  for await (const entry of reader) {
    const { header } = entry;
    // The first segment is the name of the folder that was asked for.
    const path = posix.normalize(header.name).split("/").slice(1).join("/").replace(/\/$/, "");
    if (path !== "") {
      yield {
        path,
        kind: kindOf(header.type ?? "file"),
        bytes: header.size ?? 0,
        mode: (header.mode ?? 0) & 0o7777,
        uid: header.uid ?? 0,
        gid: header.gid ?? 0,
        content: bytesOf(entry),
      };
    }
    entry.resume();
  }
}

async function* bytesOf(stream: AsyncIterable<unknown>): AsyncIterable<Uint8Array> {
  for await (const chunk of stream) if (chunk instanceof Uint8Array) yield chunk;
}

function kindOf(type: string): TreeEntry["kind"] {
  if (type === "file" || type === "contiguous-file") return "file";
  if (type === "directory") return "directory";
  return type === "symlink" || type === "link" ? "link" : "other";
}

/** Puts files into a volume with the owner and mode that they ask for. */
export async function fillVolume(access: VolumeAccess, files: readonly DeploymentFile[]): Promise<void> {
  const archive = pack();
  for (const file of files) {
    archive.entry(
      { name: file.path, mode: file.mode, uid: file.placedIn?.uid ?? 0, gid: file.placedIn?.gid ?? 0 },
      file.text,
    );
  }
  archive.finalize();
  const container = await createHolder(access, "rw");
  try {
    await container.putArchive(Readable.from(archive), { path: mountedAt });
  } finally {
    // With what the image declares as a volume of its own; named volumes stay.
    await container.remove({ force: true, v: true });
  }
}

async function createHolder({ image, volume, labels }: VolumeAccess, access: "ro" | "rw") {
  return await docker.createContainer({
    Image: image,
    Entrypoint: ["true"],
    Labels: { ...labels },
    // `nocopy`: content of the image must not flow into an empty volume that is only looked at.
    HostConfig: { Binds: [`${volume}:${mountedAt}:${access},nocopy`], NetworkMode: "none" },
  });
}
