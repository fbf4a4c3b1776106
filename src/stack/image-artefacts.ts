import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { createHash } from "node:crypto";
import { chmod, copyFile, cp, mkdir, mkdtemp, readFile, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { openPromise } from "yauzl";
import { z } from "zod";
import { $ } from "zx";
import { MusterError } from "../core/errors.ts";
import { ensureDigest, parseDigests, type Artefact, type ImageLock } from "./image-lock.ts";

/**
 * Artefacts are fetched on this machine with the ordinary clients, which know its mirrors, proxies and certificate
 * authorities; a build container does not. Each file is checked against the lock before anything is built, and kept in
 * the cache under its digest, so that a second build downloads nothing.
 */

const fetchLimit = "900s";
const messageLimit = 800;
const mavenPlugin = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";
/** glibc of Debian bookworm takes wheels of these. */
const wheelPlatforms = ["manylinux2014_x86_64", "manylinux_2_28_x86_64"];

type Kind<K extends Artefact["kind"]> = Extract<Artefact, { kind: K }>;

interface Folders {
  readonly projectFolder: string;
  readonly cacheFolder: string;
  readonly contextFolder: string;
}

/** Puts every artefact of an image into the build context, all side by side. */
export async function fetchArtefacts(lock: ImageLock, folders: Folders): Promise<void> {
  await mkdir(folders.cacheFolder, { recursive: true });
  await Promise.all(lock.artefacts.map(async (artefact) => await fetchArtefact(lock, artefact, folders)));
}

async function fetchArtefact(lock: ImageLock, artefact: Artefact, folders: Folders): Promise<void> {
  switch (artefact.kind) {
    case "maven":
      return await fetchMaven(artefact, folders);
    case "maven-tree":
      return await fetchMavenTree(lock, artefact, folders);
    case "npm":
      return await fetchNpm(artefact, folders);
    case "npm-tree":
      return await fetchNpmTree(artefact, folders);
    case "go":
      return await fetchGo(artefact, folders);
    case "pypi":
      return await fetchPypi(lock, artefact, folders);
  }
}

async function fetchMaven(
  { coordinate, sha256, unpack }: Kind<"maven">,
  { cacheFolder, contextFolder }: Folders,
): Promise<void> {
  const archive = await fetchFile({ what: coordinate, sha256, cacheFolder }, (into) => [
    ...["mvn", "-q", "-B", `${mavenPlugin}:copy`, `-Dartifact=${coordinate}`, `-DoutputDirectory=${into}`],
  ]);
  for (const { from, into } of unpack) await unpackZip(archive, from, join(contextFolder, into));
}

/** Unpacks what lies below `from`; the first path segment of an archive names its version and is dropped. */
async function unpackZip(archive: string, from: string, into: string): Promise<void> {
  const zip = await openPromise(archive);
  try {
    for await (const entry of zip.eachEntry()) {
      const path = entry.fileName.split("/").slice(1).join("/");
      if (entry.fileName.endsWith("/") || !path.startsWith(from)) continue;
      const target = join(into, path.slice(from.length));
      await mkdir(dirname(target), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target));
      const mode = (entry.externalFileAttributes >>> 16) & 0o777;
      if (mode !== 0) await chmod(target, mode);
    }
  } finally {
    zip.close();
  }
}

async function fetchNpm(artefact: Kind<"npm">, { cacheFolder, contextFolder }: Folders): Promise<void> {
  const what = `${artefact.package}@${artefact.version}`;
  const archive = await fetchFile({ what, sha256: artefact.sha256, cacheFolder }, (into) => [
    ...["npm", "pack", "--silent", "--pack-destination", into, what],
  ]);
  const target = join(contextFolder, artefact.into);
  await mkdir(dirname(target), { recursive: true });
  const unpacked = await mkdtemp(join(cacheFolder, "unpack-"));
  try {
    await call(["tar", "-xzf", archive, "-C", unpacked, `package/${artefact.take}`], unpacked);
    await rename(join(unpacked, "package", artefact.take), target);
  } finally {
    await rm(unpacked, { recursive: true });
  }
}

/** Installed once for each content of the lock file; the packages hold no code that runs at installation. */
async function fetchNpmTree(artefact: Kind<"npm-tree">, folders: Folders): Promise<void> {
  const { projectFolder, cacheFolder, contextFolder } = folders;
  const lockFolder = join(projectFolder, artefact.lock);
  const cached = join(cacheFolder, await sha256Of(join(lockFolder, "package-lock.json")));
  if (!existsSync(cached)) {
    const installed = await mkdtemp(join(cacheFolder, "fetch-"));
    try {
      for (const name of ["package.json", "package-lock.json"])
        await copyFile(join(lockFolder, name), join(installed, name));
      await call(["npm", "ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"], installed);
      await rename(join(installed, "node_modules"), cached);
    } finally {
      await rm(installed, { recursive: true });
    }
  }
  await cp(cached, join(contextFolder, artefact.into), { recursive: true });
}

const downloadedModuleSchema = z.object({ Dir: z.string(), Sum: z.string() });

/** Built from the downloaded module itself, so that its own go.sum pins every module that it needs. */
async function fetchGo(artefact: Kind<"go">, { cacheFolder, contextFolder }: Folders): Promise<void> {
  const what = `${artefact.module}@${artefact.version}`;
  const key = createHash("sha256").update(`${what} ${artefact.sum} ${artefact.command}`).digest("hex");
  const cached = join(cacheFolder, key);
  if (!existsSync(cached)) {
    const built = await mkdtemp(join(cacheFolder, "fetch-"));
    try {
      const answer = await call(["go", "mod", "download", "-json", what], built);
      const downloaded = downloadedModuleSchema.parse(JSON.parse(answer));
      ensureDigest(what, artefact.sum, downloaded.Sum);
      const output = join(built, "command");
      const build = ["go", "build", "-mod=readonly", "-trimpath", "-o", output, `./${artefact.command}`];
      await call(["env", "CGO_ENABLED=0", "GOFLAGS=-buildvcs=false", ...build], downloaded.Dir);
      await rename(output, cached);
    } finally {
      await rm(built, { recursive: true });
    }
  }
  await copyFile(cached, join(contextFolder, artefact.into));
}

/** One file, by the command that fetches it into a folder. @returns its place in the cache. */
async function fetchFile(
  {
    what,
    sha256,
    cacheFolder,
  }: { readonly what: string; readonly sha256: string; readonly cacheFolder: string },
  commandFor: (into: string) => readonly string[],
): Promise<string> {
  const cached = join(cacheFolder, sha256);
  if (existsSync(cached)) return cached;
  const fetched = await mkdtemp(join(cacheFolder, "fetch-"));
  try {
    await call(commandFor(fetched), fetched);
    const [name] = await readdir(fetched);
    if (name === undefined) throw notFetched(what);
    ensureDigest(what, sha256, await sha256Of(join(fetched, name)));
    await rename(join(fetched, name), cached);
  } finally {
    await rm(fetched, { recursive: true });
  }
  return cached;
}

async function fetchMavenTree(
  lock: ImageLock,
  { digests, into }: Kind<"maven-tree">,
  folders: Folders,
): Promise<void> {
  await fetchFolder({ digestsFile: join(lock.folder, digests), into, folders }, (fetched) => [
    [
      ...["mvn", "-q", "-B", "-f", join(lock.folder, "pom.xml"), `${mavenPlugin}:copy-dependencies`],
      ...["-DincludeScope=runtime", `-DoutputDirectory=${fetched}`],
    ],
  ]);
}

async function fetchPypi(
  lock: ImageLock,
  { digests, into, python }: Kind<"pypi">,
  folders: Folders,
): Promise<void> {
  const download = ["python3", "-m", "pip", "download", "-q", "--no-deps"];
  const platform = ["--python-version", python, ...wheelPlatforms.flatMap((name) => ["--platform", name])];
  await fetchFolder({ digestsFile: join(lock.folder, digests), into, folders }, (fetched, names) => {
    const { wheels = [], sources = [] } = Object.groupBy(names, (name) =>
      name.endsWith(".whl") ? "wheels" : "sources",
    );
    const ofWheels = [...download, "--only-binary=:all:", ...platform, "-d", fetched];
    // Read for their metadata with what pip fetches for that; built in the image.
    const ofSources = [...download, "--no-binary=:all:", "-d", fetched];
    return [
      ...(wheels.length > 0 ? [[...ofWheels, ...wheels.map(requirementOf)]] : []),
      ...(sources.length > 0 ? [[...ofSources, ...sources.map(requirementOf)]] : []),
    ];
  });
}

/** `name==version` of the file name of a wheel or a source distribution. */
export function requirementOf(file: string): string {
  const parts = file.replace(/\.tar\.gz$/, "").split("-");
  const name = file.endsWith(".whl") ? parts.slice(0, 1) : parts.slice(0, -1);
  return `${name.join("-")}==${parts[name.length]}`;
}

/** A set of files that is fetched and checked as a whole: no file may be missing, added or different. */
async function fetchFolder(
  {
    digestsFile,
    into,
    folders,
  }: { readonly digestsFile: string; readonly into: string; readonly folders: Folders },
  commandsFor: (fetched: string, names: readonly string[]) => readonly (readonly string[])[],
): Promise<void> {
  const { cacheFolder, contextFolder } = folders;
  const digests = parseDigests(await readFile(digestsFile, "utf8"));
  if (![...digests.values()].every((digest) => existsSync(join(cacheFolder, digest)))) {
    const fetched = await mkdtemp(join(cacheFolder, "fetch-"));
    try {
      for (const command of commandsFor(fetched, [...digests.keys()])) await call(command, fetched);
      await moveChecked(fetched, digests, cacheFolder);
    } finally {
      await rm(fetched, { recursive: true });
    }
  }
  const target = join(contextFolder, into);
  await mkdir(target, { recursive: true });
  for (const [name, digest] of digests) await copyFile(join(cacheFolder, digest), join(target, name));
}

/** Moves fetched files into the cache once all of them are what the lock says. */
export async function moveChecked(
  fetched: string,
  digests: ReadonlyMap<string, string>,
  cacheFolder: string,
): Promise<void> {
  const names = await readdir(fetched);
  for (const name of names) ensureDigest(name, digests.get(name), await sha256Of(join(fetched, name)));
  const missing = [...digests.keys()].filter((name) => !names.includes(name));
  if (missing.length > 0) throw notFetched(missing.join(", "));
  for (const [name, digest] of digests) await rename(join(fetched, name), join(cacheFolder, digest));
}

function notFetched(what: string): MusterError {
  return new MusterError("IMAGE_UNAVAILABLE", {
    message: `expected ${what} among what was downloaded, it was not there`,
    hint: "compare the lock file with the pom or the requirement beside it",
  });
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** @returns what the command wrote on stdout. */
async function call(words: readonly string[], cwd: string): Promise<string> {
  const result = await $({ cwd, nothrow: true, quiet: true, timeout: fetchLimit })`${words}`;
  if (result.exitCode === 0) return result.stdout;
  throw new MusterError("IMAGE_UNAVAILABLE", {
    message: `${words.slice(0, 4).join(" ")} … ended with ${result.exitCode ?? `no answer within ${fetchLimit}`}: ${result.stdall.trim().slice(-messageLimit)}`,
    hint: "the ordinary clients (mvn, npm, pip, go) must reach their registries; or name images that are present in the variables of the compose file",
  });
}
