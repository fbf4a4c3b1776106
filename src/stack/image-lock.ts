import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { MusterError } from "../core/errors.ts";

/** `image.lock.yaml` of one folder of docker/images: what is downloaded to build the image, pinned by version and digest. */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const artefactSchema = z.discriminatedUnion("kind", [
  /** One Maven artefact; a zip may be unpacked, as a whole or only folders of it, with the first path segment dropped. */
  z.strictObject({
    kind: z.literal("maven"),
    coordinate: z.string(),
    sha256,
    unpack: z.array(z.strictObject({ from: z.string(), into: z.string() })),
  }),
  /** Every runtime dependency of `pom.xml`; `digests` names the file with one line "sha256  name" for each. */
  z.strictObject({ kind: z.literal("maven-tree"), into: z.string(), digests: z.string() }),
  z.strictObject({ kind: z.literal("npm"), package: z.string(), version: z.string(), sha256, take: z.string(), into: z.string() }),
  z.strictObject({ kind: z.literal("pypi"), requirement: z.string(), python: z.string(), into: z.string(), digests: z.string() }),
]);
export type Artefact = z.infer<typeof artefactSchema>;

const lockSchema = z.strictObject({
  name: z.string(),
  version: z.string(),
  /** Image of the vendor that is taken where it is present or can be pulled; null for what only Muster has. */
  official: z.string().nullable(),
  /** Folder of the image that this one is built from; `bootstrap` for the first. */
  base: z.string(),
  licences: z.array(z.string()),
  artefacts: z.array(artefactSchema).default([]),
  /** Folders of the project that are copied into the build. */
  sources: z.array(z.strictObject({ from: z.string(), into: z.string() })).default([]),
});
export type ImageLock = z.infer<typeof lockSchema> & { readonly folder: string };

/** @throws MusterError IMAGE_UNAVAILABLE naming the folder and the key. */
export async function readImageLock(projectFolder: string, image: string): Promise<ImageLock> {
  const folder = join(projectFolder, "docker/images", image);
  const text = await readFile(join(folder, "image.lock.yaml"), "utf8").catch(() => undefined);
  const parsed = lockSchema.safeParse(text === undefined ? undefined : parse(text));
  if (parsed.success) return { ...parsed.data, folder };
  throw new MusterError("IMAGE_UNAVAILABLE", {
    message: `docker/images/${image}/image.lock.yaml ${text === undefined ? "cannot be read" : `is wrong at ${parsed.error.issues[0]?.path.join(".")}: ${parsed.error.issues[0]?.message}`}`,
    hint: "docs/ARCHITECTURE.md says what an image folder holds",
  });
}

/** Tag of the local build: it changes with every file that the image is made of, and with those of its bases. */
export async function localTag(projectFolder: string, lock: ImageLock): Promise<string> {
  const hash = createHash("sha256");
  for (const folder of [lock.folder, ...lock.sources.map(({ from }) => join(projectFolder, from))]) {
    for (const path of (await readdir(folder, { recursive: true })).toSorted()) {
      if (path.endsWith(".test.ts") || !(await stat(join(folder, path))).isFile()) continue;
      hash.update(`${path}\0`).update(await readFile(join(folder, path)));
    }
  }
  if (lock.base !== "bootstrap" && existsSync(join(projectFolder, "docker/images", lock.base))) {
    hash.update(await localTag(projectFolder, await readImageLock(projectFolder, lock.base)));
  }
  return `localhost/muster/${lock.name}:${lock.version}-${hash.digest("hex").slice(0, 12)}`;
}

/** @throws MusterError DIGEST_MISMATCH with both values. */
export function ensureDigest(what: string, expected: string, actual: string): void {
  if (expected === actual) return;
  throw new MusterError("DIGEST_MISMATCH", {
    message: `${what}: expected sha256 ${expected}, downloaded sha256 ${actual}`,
    hint: "nothing was built; find out why the artefact differs before changing the lock file",
  });
}

/** Lines "sha256  name" as `sha256sum` writes them. */
export function parseDigests(text: string): ReadonlyMap<string, string> {
  return new Map(text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [[line.slice(66), line.slice(0, 64)] as const])));
}
