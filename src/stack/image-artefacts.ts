import { createWriteStream } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, readFile, readdir, rename, rm } from "node:fs/promises";
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { openPromise } from "yauzl";
import { $ } from "zx";
import { MusterError } from "../core/errors.ts";
import { ensureDigest, parseDigests, type Artefact, type ImageLock } from "./image-lock.ts";

/**
 * Artefacts are fetched on this machine with the ordinary clients, which know its mirrors, proxies and certificate
 * authorities; a build container does not. Each file is checked against the lock before anything is built.
 */
const fetchLimit = "900s";
const mavenPlugin = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";

/** Puts every artefact of an image into the build context. */
export async function fetchArtefacts(lock: ImageLock, cacheFolder: string, contextFolder: string): Promise<void> {
  for (const artefact of lock.artefacts) {
    if (artefact.kind === "maven") await fetchMaven(artefact, cacheFolder, contextFolder);
    else if (artefact.kind === "maven-tree") await fetchMavenTree(lock, artefact, cacheFolder, contextFolder);
    else if (artefact.kind === "npm") await fetchNpm(artefact, cacheFolder, contextFolder);
    else await fetchPypi(lock, artefact, cacheFolder, contextFolder);
  }
}

async function fetchMaven(artefact: Extract<Artefact, { kind: "maven" }>, cacheFolder: string, contextFolder: string): Promise<void> {
  const cached = join(cacheFolder, artefact.sha256);
  if (!existsSync(cached)) {
    const into = await temporaryFolder(cacheFolder);
    await call(["mvn", "-q", "-B", `${mavenPlugin}:copy`, `-Dartifact=${artefact.coordinate}`, `-DoutputDirectory=${into}`], into);
    const name = (await readdir(into))[0] ?? "";
    ensureDigest(artefact.coordinate, artefact.sha256, await sha256Of(join(into, name)));
    await rename(join(into, name), cached);
    await rm(into, { recursive: true });
  }
  for (const { from, into } of artefact.unpack) await unpackZip(cached, from, join(contextFolder, into));
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

async function fetchMavenTree(lock: ImageLock, artefact: Extract<Artefact, { kind: "maven-tree" }>, cacheFolder: string, contextFolder: string): Promise<void> {
  const digests = parseDigests(await readFile(join(lock.folder, artefact.digests), "utf8"));
  await fetchFolder({ digests, cacheFolder, into: join(contextFolder, artefact.into) }, async (into) => {
    await call(["mvn", "-q", "-B", "-f", join(lock.folder, "pom.xml"), `${mavenPlugin}:copy-dependencies`, "-DincludeScope=runtime", `-DoutputDirectory=${into}`], into);
  });
}

async function fetchPypi(lock: ImageLock, artefact: Extract<Artefact, { kind: "pypi" }>, cacheFolder: string, contextFolder: string): Promise<void> {
  const digests = parseDigests(await readFile(join(lock.folder, artefact.digests), "utf8"));
  await fetchFolder({ digests, cacheFolder, into: join(contextFolder, artefact.into) }, async (into) => {
    const platforms = ["manylinux2014_x86_64", "manylinux_2_28_x86_64"].flatMap((platform) => ["--platform", platform]);
    const constraints = [...digests.keys()].map((name) => name.split("-").slice(0, 2).join("=="));
    await call(["python3", "-m", "pip", "download", "-q", "--no-deps", "--python-version", artefact.python, "--only-binary=:all:", ...platforms, "-d", into, ...constraints], into);
  });
}

/** A set of files that is cached and checked as a whole: no file may be missing, added or different. */
async function fetchFolder(options: { digests: ReadonlyMap<string, string>; cacheFolder: string; into: string }, fetch: (into: string) => Promise<void>): Promise<void> {
  const { digests, cacheFolder, into } = options;
  await mkdir(into, { recursive: true });
  if (![...digests.values()].every((digest) => existsSync(join(cacheFolder, digest)))) {
    const fetched = await temporaryFolder(cacheFolder);
    await fetch(fetched);
    for (const name of await readdir(fetched)) {
      const actual = await sha256Of(join(fetched, name));
      ensureDigest(name, digests.get(name) ?? "of no file of this name", actual);
      await rename(join(fetched, name), join(cacheFolder, actual));
    }
    await rm(fetched, { recursive: true });
  }
  for (const [name, digest] of digests) {
    if (!existsSync(join(cacheFolder, digest))) throw new MusterError("IMAGE_UNAVAILABLE", { message: `${name} is in the lock file, but was not among what was downloaded`, hint: "check the pom or the requirement beside the lock file" });
    await copyFile(join(cacheFolder, digest), join(into, name));
  }
}

async function fetchNpm(artefact: Extract<Artefact, { kind: "npm" }>, cacheFolder: string, contextFolder: string): Promise<void> {
  const cached = join(cacheFolder, artefact.sha256);
  if (!existsSync(cached)) {
    const into = await temporaryFolder(cacheFolder);
    await call(["npm", "pack", "--silent", "--pack-destination", into, `${artefact.package}@${artefact.version}`], into);
    const name = (await readdir(into))[0] ?? "";
    ensureDigest(`${artefact.package}@${artefact.version}`, artefact.sha256, await sha256Of(join(into, name)));
    await rename(join(into, name), cached);
    await rm(into, { recursive: true });
  }
  await mkdir(dirname(join(contextFolder, artefact.into)), { recursive: true });
  await call(["tar", "-xzf", cached, "-C", contextFolder, "--strip-components", String(artefact.take.split("/").length), `package/${artefact.take}`], contextFolder);
  const taken = join(contextFolder, basename(artefact.take));
  if (taken !== join(contextFolder, artefact.into)) await rename(taken, join(contextFolder, artefact.into));
}

async function temporaryFolder(cacheFolder: string): Promise<string> {
  await mkdir(cacheFolder, { recursive: true });
  return await mkdtemp(join(cacheFolder, "fetch-"));
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

async function call(words: readonly string[], cwd: string): Promise<void> {
  const result = await $({ cwd, nothrow: true, quiet: true, timeout: fetchLimit })`${words}`;
  if (result.exitCode === 0) return;
  throw new MusterError("IMAGE_UNAVAILABLE", {
    message: `${words.slice(0, 3).join(" ")} … ended with ${result.exitCode}: ${`${result.stdout}${result.stderr}`.trim().slice(-800)}`,
    hint: "the ordinary clients (mvn, npm, pip) must reach their registries; or set the image's variable to one that is present",
  });
}
