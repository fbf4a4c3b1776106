import { MusterError } from "../core/errors.ts";
import { buildImages, type ImageToBuild } from "./image-build.ts";
import { localTag, readImageLock } from "./image-lock.ts";
import { imageId, pull, pullingIsAllowed, pullOfficial } from "./image-registry.ts";

/** The image behind one variable of a compose file. */
export interface ResolvedImage {
  readonly variable: string;
  /** Name that the compose file gets. */
  readonly image: string;
  readonly id: string;
  /** `named` by the environment; the vendor's, `present` or `pulled`; `built` by Muster, now or before. */
  readonly origin: "named" | "present" | "pulled" | "built";
}

interface ResolveOptions {
  readonly projectFolder: string;
  readonly log: (line: string) => void;
}

/**
 * Finds or makes the image behind each variable of a compose file, in this order: the one that the environment names; the
 * vendor's, present; our own build of the current lock, present; the vendor's, pulled; our own build.
 * @param images variable of the compose file → folder of `docker/images`
 * @throws MusterError IMAGE_UNAVAILABLE or DIGEST_MISMATCH
 */
export async function resolveImages(
  images: Readonly<Record<string, string>>,
  options: ResolveOptions,
): Promise<Map<string, ResolvedImage>> {
  const resolved = new Map<string, ResolvedImage>();
  const toBuild: (ImageToBuild & { readonly variable: string })[] = [];
  for (const [variable, folder] of Object.entries(images)) {
    const found = (await findNamed(variable)) ?? (await findOrPull(variable, folder, options));
    if ("lock" in found) toBuild.push({ ...found, variable });
    else resolved.set(variable, found);
  }
  if (toBuild.length === 0) return resolved;
  await buildImages(toBuild, options);
  for (const { variable, tag } of toBuild) {
    const id = await imageId(tag);
    if (id === undefined) throw vanished(tag);
    resolved.set(variable, { variable, image: tag, id, origin: "built" });
  }
  return resolved;
}

/** The environment's word is final: where its image cannot be had, no other takes its place. */
async function findNamed(variable: string): Promise<ResolvedImage | undefined> {
  const image = process.env[variable];
  if (image === undefined || image === "") return undefined;
  const present = await imageId(image);
  if (present !== undefined) return { variable, image, id: present, origin: "named" };
  const outcome = pullingIsAllowed() ? await pull(image) : "pulling is switched off by MUSTER_PULL=never";
  const id = outcome === "pulled" ? await imageId(image) : undefined;
  if (id !== undefined) return { variable, image, id, origin: "named" };
  throw new MusterError("IMAGE_UNAVAILABLE", {
    message: `${variable} names ${image}, which is not present and could not be pulled (${outcome})`,
    hint: `pull it by hand, or unset ${variable}`,
  });
}

async function findOrPull(
  variable: string,
  folder: string,
  options: ResolveOptions,
): Promise<ResolvedImage | ImageToBuild> {
  const lock = await readImageLock(options.projectFolder, folder);
  const vendorId = lock.official === null ? undefined : await imageId(lock.official);
  if (lock.official !== null && vendorId !== undefined) {
    return { variable, image: lock.official, id: vendorId, origin: "present" };
  }
  const tag = await localTag(options.projectFolder, lock);
  const builtId = await imageId(tag);
  if (builtId !== undefined) return { variable, image: tag, id: builtId, origin: "built" };
  if (lock.official === null || !(await pullOfficial(lock.official))) return { lock, tag };
  const pulledId = await imageId(lock.official);
  if (pulledId === undefined) throw vanished(lock.official);
  options.log(`pulled ${lock.official}`);
  return { variable, image: lock.official, id: pulledId, origin: "pulled" };
}

function vanished(image: string): MusterError {
  return new MusterError("IMAGE_UNAVAILABLE", {
    message: `${image} was made a moment ago, but the engine does not hold it any more`,
    hint: "see whether something else removes images on this machine",
  });
}
