import { createHash } from "node:crypto";
import { readFile, readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
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
  /** One file out of an npm package. */
  z.strictObject({
    kind: z.literal("npm"),
    package: z.string(),
    version: z.string(),
    sha256,
    take: z.string(),
    into: z.string(),
  }),
  /** One command of a Go module, built here; `sum` is the module's, as the checksum database has it. */
  z.strictObject({
    kind: z.literal("go"),
    module: z.string(),
    version: z.string(),
    sum: z.string().regex(/^h1:.+=$/),
    command: z.string(),
    into: z.string(),
  }),
  /** What `package-lock.json` in a folder of the project pins, installed without scripts; npm checks each package against it. */
  z.strictObject({ kind: z.literal("npm-tree"), lock: z.string(), into: z.string() }),
  /** The wheels and source distributions that `digests` lists, for a version of Python. */
  z.strictObject({ kind: z.literal("pypi"), python: z.string(), into: z.string(), digests: z.string() }),
]);
export type Artefact = z.infer<typeof artefactSchema>;

const lockSchema = z.strictObject({
  name: z.string(),
  version: z.string(),
  /** Image of the vendor that is taken where it is present or can be pulled; null for what only Muster has. */
  official: z.string().nullable(),
  /** Folder of the image that this one is built from; `bootstrap` for the first, which is made by mmdebstrap. */
  base: z.string(),
  licences: z.array(z.string()),
  artefacts: z.array(artefactSchema).default([]),
  /** Further folders and files of the project that are copied into the build. */
  sources: z.array(z.strictObject({ from: z.string(), into: z.string() })).default([]),
});
/** What stands in `base` of the image that has none. */
export const bootstrapBase = "bootstrap";

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
  for (const source of [lock.folder, ...lock.sources.map(({ from }) => join(projectFolder, from))]) {
    for (const path of await filesBelow(source))
      hash.update(`${path}\0`).update(await readFile(join(source, path)));
  }
  if (lock.base !== bootstrapBase)
    hash.update(await localTag(projectFolder, await readImageLock(projectFolder, lock.base)));
  return `localhost/muster/${lock.name}:${lock.version}-${hash.digest("hex").slice(0, 12)}`;
}

/** Files of a folder in a fixed order, or the one file itself as an empty path; tests are no part of an image. */
async function filesBelow(source: string): Promise<string[]> {
  if ((await stat(source)).isFile()) return [""];
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(source, join(entry.parentPath, entry.name)));
  return paths.filter(isPartOfImage).toSorted();
}

/** Tests and what their runner leaves are no part of an image. */
export function isPartOfImage(path: string): boolean {
  return !path.endsWith(".test.ts") && !path.split("/").includes("node_modules");
}

/** @throws MusterError DIGEST_MISMATCH with both values; `expected` is undefined for a file that no lock names. */
export function ensureDigest(what: string, expected: string | undefined, actual: string): void {
  if (expected === actual) return;
  throw new MusterError("DIGEST_MISMATCH", {
    message: `${what}: expected ${expected === undefined ? "no file of this name" : `sha256 ${expected}`}, downloaded sha256 ${actual}`,
    hint: "nothing was built; find out why the artefact differs before changing the lock file",
  });
}

/** Lines "sha256  name" as `sha256sum` writes them. */
export function parseDigests(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .split("\n")
      .flatMap((line) => (line.trim() === "" ? [] : [[line.slice(66), line.slice(0, 64)] as const])),
  );
}
