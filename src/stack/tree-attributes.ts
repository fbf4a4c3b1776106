import { posix } from "node:path";
import { Readable } from "node:stream";
import { extract } from "tar-stream";
import { z } from "zod";
import { MusterError } from "../core/errors.ts";
import type { TreeEntry } from "../core/stack.ts";
import { docker, isNotFound } from "./docker-client.ts";
import { mountedAt, readVolume, type VolumeAccess } from "./tree.ts";

/**
 * Reading a volume with extended attributes. The engine's own archives leave those out, so a container of the service's
 * image packs them, without a byte of content, into an archive of its own, which the engine then hands over as a file.
 */

const packedAs = "/muster-attributes.tar";
/** Asked for by name, an attribute that cannot be copied is an error; with `--archive` it would be passed over. */
const packing = `[ -d "$0" ] || exit 0
cp --recursive --attributes-only --preserve=xattr "$0/." /muster-attributes
tar --format=pax --xattrs --xattrs-include='user.*' -C /muster-attributes -cf ${packedAs} .`;
const attributePrefix = "SCHILY.xattr.user.";
/** The keywords of an entry's extended header, of which the types of the library know nothing. */
const keywords = z
  .record(z.string(), z.string())
  .nullish()
  .transform((words) => words ?? {});

type Attributes = Readonly<Record<string, string>>;

/**
 * Streams what is below `folder` of a volume, and first the folder itself as "". Yields nothing where it is absent.
 * @throws MusterError STACK_FAILED with what was said, where the attributes could not be read
 */
export async function* readVolumeWithAttributes(
  access: VolumeAccess,
  folder: string,
): AsyncIterable<TreeEntry> {
  const kept = await attributesBelow(access, folder);
  const ofFolder = kept.get("");
  if (ofFolder === undefined) return;
  const unknown = { bytes: 0, mode: 0, uid: 0, gid: 0 };
  yield { path: "", kind: "directory", ...unknown, attributes: ofFolder, content: Readable.from([]) };
  for await (const entry of readVolume(access, folder)) {
    const attributes = kept.get(entry.path);
    yield { ...entry, ...(attributes === undefined ? {} : { attributes }) };
  }
}

/** Attributes of every entry by its path, of the folder itself as "". Empty where it is absent. */
async function attributesBelow(
  { image, volume, labels }: VolumeAccess,
  folder: string,
): Promise<ReadonlyMap<string, Attributes>> {
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: ["bash", "-euc", packing],
    Cmd: [posix.join(mountedAt, folder)],
    User: "root",
    Labels: { ...labels },
    HostConfig: { Binds: [`${volume}:${mountedAt}:ro,nocopy`], NetworkMode: "none" },
  });
  try {
    await container.start();
    const { StatusCode: status } = (await container.wait()) as { StatusCode: number };
    if (status !== 0) {
      const said = await container.logs({ stdout: true, stderr: true });
      throw new MusterError("STACK_FAILED", {
        message: `reading attributes of ${folder} ended with ${status}: ${said.toString().trim().slice(-800)}`,
      });
    }
    const handedOver = await container.getArchive({ path: packedAs }).catch((thrown: unknown) => {
      if (isNotFound(thrown)) return undefined;
      throw thrown;
    });
    return handedOver === undefined ? new Map() : await unpacked(Readable.from(handedOver));
  } finally {
    await container.remove({ force: true, v: true });
  }
}

/** @param handedOver an archive that holds one file, which is the archive of the attributes */
async function unpacked(handedOver: Readable): Promise<ReadonlyMap<string, Attributes>> {
  const kept = new Map<string, Attributes>();
  const outer = extract();
  handedOver.on("error", (error) => outer.destroy(error)).pipe(outer);
  for await (const file of outer) {
    const inner = extract();
    file.pipe(inner);
    for await (const entry of inner) {
      const path = entry.header.name.replace(/^\.\/?/, "").replace(/\/$/, "");
      kept.set(path, attributesOf(entry.header.pax));
      entry.resume();
    }
  }
  return kept;
}

function attributesOf(pax: unknown): Attributes {
  return Object.fromEntries(
    Object.entries(keywords.parse(pax)).flatMap(([key, value]) =>
      key.startsWith(attributePrefix) ? [[key.slice(attributePrefix.length), value] as const] : [],
    ),
  );
}
