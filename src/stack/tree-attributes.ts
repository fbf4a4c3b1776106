import { posix } from "node:path";
import { PassThrough } from "node:stream";
import { extract } from "tar-stream";
import { z } from "zod";
import { MusterError } from "../core/errors.ts";
import type { TreeEntry } from "../core/stack.ts";
import { docker } from "./docker-client.ts";
import { bytesOf, known, mountedAt, type VolumeAccess } from "./tree.ts";

/**
 * Reading a volume with extended attributes. The engine's own archive leaves those out, so a container of the service's
 * image runs its tar; the volume is mounted read-only.
 */

const attributePrefix = "SCHILY.xattr.user.";
const keywords = z
  .record(z.string(), z.string())
  .nullish()
  .transform((words) => words ?? {});
const tarWords = ["--format=pax", "--xattrs", "--xattrs-include=user.*", "--numeric-owner", "-cf", "-", "."];

/**
 * Streams what is below `folder` of a volume, and the folder itself as "". Yields nothing where it is absent.
 * @throws MusterError STACK_FAILED with what tar said, once it ended with an error
 */
export async function* readVolumeWithAttributes(
  { image, volume, labels }: VolumeAccess,
  folder: string,
): AsyncIterable<TreeEntry> {
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: ["bash", "-c", '[ -d "$0" ] || exit 0; cd "$0" && exec tar "$@"'],
    Cmd: [posix.join(mountedAt, folder), ...tarWords],
    User: "root",
    Labels: { ...labels },
    HostConfig: { Binds: [`${volume}:${mountedAt}:ro,nocopy`], NetworkMode: "none" },
  });
  try {
    const output = await container.attach({ stream: true, stdout: true, stderr: true });
    const reader = extract();
    const archive = new PassThrough();
    const complaints = new PassThrough();
    let said = "";
    complaints.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
    container.modem.demuxStream(output, archive, complaints);
    output.on("end", () => archive.end()).on("error", (error: Error) => reader.destroy(error));
    archive.pipe(reader);
    await container.start();
    for await (const entry of reader) {
      const { header } = entry;
      const path = posix
        .normalize(header.name)
        .replace(/^\.?\/?/, "")
        .replace(/\/$/, "");
      yield { path, ...known(header), attributes: attributesOf(header.pax), content: bytesOf(entry) };
      entry.resume();
    }
    const { StatusCode: status } = (await container.wait()) as { StatusCode: number };
    if (status !== 0) {
      throw new MusterError("STACK_FAILED", {
        message: `reading ${folder} with its attributes ended with ${status}: ${said.trim()}`,
      });
    }
  } finally {
    await container.remove({ force: true, v: true });
  }
}

/** @param pax the keywords of an entry's extended header, of which the types of the library know nothing */
function attributesOf(pax: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(keywords.parse(pax)).flatMap(([key, value]) =>
      key.startsWith(attributePrefix) ? [[key.slice(attributePrefix.length), value] as const] : [],
    ),
  );
}
