import { appendFile, cp, mkdir, open, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { $ } from "zx";
import { MusterError } from "../core/errors.ts";
import { docker, isNotFound } from "./docker-client.ts";
import { fetchArtefacts } from "./image-artefacts.ts";
import { localTag, readImageLock, type ImageLock } from "./image-lock.ts";

export interface ResolvedImage {
  readonly variable: string;
  readonly image: string;
  readonly origin: "named" | "present" | "built before" | "pulled" | "built";
}

interface Builder {
  readonly projectFolder: string;
  readonly log: (line: string) => void;
}

/** A registry that does not answer at once is not there: the local build is quicker than waiting for it. */
const pullLimitMs = 15_000;
const buildLimit = "1800s";
const lockLimitMs = 1_800_000;

/**
 * Finds or makes the image behind each variable of a compose file, in this order: the one that the environment names; the
 * vendor's, present; our own build of the current lock, present; the vendor's, pulled; our own build.
 */
export async function resolveImages(images: Readonly<Record<string, string>>, builder: Builder): Promise<Map<string, ResolvedImage>> {
  const resolved = new Map<string, ResolvedImage>();
  const missing: { variable: string; lock: ImageLock; tag: string }[] = [];
  for (const [variable, folder] of Object.entries(images)) {
    const found = await findPresent(variable, folder, builder.projectFolder);
    if ("image" in found) resolved.set(variable, { variable, ...found });
    else missing.push({ variable, ...found });
  }
  const toBuild: typeof missing = [];
  for (const item of missing) {
    const official = item.lock.official;
    if (official !== null && (await canPull()) && (await pull(official))) resolved.set(item.variable, { variable: item.variable, image: official, origin: "pulled" });
    else toBuild.push(item);
  }
  if (toBuild.length > 0) await buildAll(toBuild, builder);
  for (const { variable, tag } of toBuild) resolved.set(variable, { variable, image: tag, origin: "built" });
  return resolved;
}

async function findPresent(variable: string, folder: string, projectFolder: string): Promise<Omit<ResolvedImage, "variable"> | { lock: ImageLock; tag: string }> {
  const named = process.env[variable];
  if (named !== undefined && named !== "") {
    if ((await isPresent(named)) || (await pull(named))) return { image: named, origin: "named" };
    throw new MusterError("IMAGE_UNAVAILABLE", { message: `${variable} names ${named}, which is not present and cannot be pulled`, hint: "pull it by hand, or unset the variable" });
  }
  const lock = await readImageLock(projectFolder, folder);
  if (lock.official !== null && (await isPresent(lock.official))) return { image: lock.official, origin: "present" };
  const tag = await localTag(projectFolder, lock);
  return (await isPresent(tag)) ? { image: tag, origin: "built before" } : { lock, tag };
}

async function isPresent(image: string): Promise<boolean> {
  try {
    await docker.getImage(image).inspect();
    return true;
  } catch (thrown) {
    if (isNotFound(thrown)) return false;
    throw thrown;
  }
}

let registryAnswers: Promise<boolean> | undefined;

/** Whether any registry answers is asked once: without one, every pull would wait for its limit. */
function canPull(): Promise<boolean> {
  registryAnswers ??= process.env["MUSTER_PULL"] === "never" ? Promise.resolve(false) : pull("hello-world:latest");
  return registryAnswers;
}

async function pull(image: string): Promise<boolean> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), pullLimitMs);
  try {
    const stream = await docker.pull(image, { abortSignal: limit.signal });
    clearTimeout(timer); // It answers: a large image may take its time.
    await new Promise<void>((resolve, reject) => docker.modem.followProgress(stream, (error) => (error === null ? resolve() : reject(error))));
    return true;
  } catch {
    return false; // No registry, or no such image: the next source is tried, and the report names what really ran.
  } finally {
    clearTimeout(timer);
  }
}

/** Artefacts of all images are fetched side by side while the base is made; images are then built one after another. */
async function buildAll(items: readonly { lock: ImageLock; tag: string }[], builder: Builder): Promise<void> {
  const cacheFolder = join(builder.projectFolder, ".muster/cache");
  await mkdir(cacheFolder, { recursive: true });
  const release = await acquireLock(join(cacheFolder, "build.lock"));
  const contexts = join(cacheFolder, "contexts");
  try {
    builder.log(`building ${items.map(({ lock }) => `${lock.name} ${lock.version}`).join(", ")} from package registries (once)`);
    const fetched = items.map(async ({ lock }) => {
      const context = join(contexts, lock.name);
      await prepareContext(lock, context, builder.projectFolder);
      await fetchArtefacts(lock, join(cacheFolder, "artefacts"), context);
      builder.log(`fetched what ${lock.name} is made of`);
    });
    const bases = ensureBases(items.map(({ lock }) => lock.base), builder);
    await Promise.all([...fetched, bases]);
    for (const { lock, tag } of items) {
      await dockerBuild(join(contexts, lock.name), tag, builder);
      builder.log(`built ${tag}`);
    }
  } finally {
    await rm(contexts, { recursive: true, force: true });
    await release();
  }
}

async function prepareContext(lock: ImageLock, context: string, projectFolder: string): Promise<void> {
  await rm(context, { recursive: true, force: true });
  await cp(lock.folder, context, { recursive: true });
  for (const { from, into } of lock.sources) {
    await cp(join(projectFolder, from), join(context, into), { recursive: true, filter: (path) => !path.endsWith(".test.ts") });
  }
}

/** Bases are few: `debian`, made by mmdebstrap, and what stands on it. Dockerfiles name them by a fixed tag. */
async function ensureBases(names: readonly string[], builder: Builder): Promise<void> {
  for (const name of new Set(names)) {
    const lock = await readImageLock(builder.projectFolder, name);
    const tag = await localTag(builder.projectFolder, lock);
    if (!(await isPresent(tag))) {
      if (lock.base === "bootstrap") await bootstrap(tag, lock, builder);
      else {
        await ensureBases([lock.base], builder);
        await dockerBuild(lock.folder, tag, builder);
      }
      builder.log(`built base ${lock.name}`);
    }
    await docker.getImage(tag).tag({ repo: `localhost/muster/${lock.name}`, tag: lock.version });
  }
}

/** Debian's minimal system from the machine's own mirror. */
async function bootstrap(tag: string, lock: ImageLock, builder: Builder): Promise<void> {
  const script = 'mirror=$(sed -n "s/^URIs: *//p" /etc/apt/sources.list.d/debian.sources | head -1); mmdebstrap --quiet --variant=minbase "$SUITE" - "deb $mirror $SUITE main" | docker import - "$TAG"';
  await build(["bash", "-euo", "pipefail", "-c", script], { SUITE: lock.version, TAG: tag }, lock.name, builder);
}

async function dockerBuild(context: string, tag: string, builder: Builder): Promise<void> {
  await build(["docker", "build", "--progress", "plain", "-t", tag, context], {}, tag.split("/").at(-1)?.split(":")[0] ?? "image", builder);
}

async function build(words: readonly string[], environment: Readonly<Record<string, string>>, name: string, { projectFolder }: Builder): Promise<void> {
  const result = await $({ nothrow: true, quiet: true, timeout: buildLimit, env: { ...process.env, ...environment } })`${words}`;
  const logFolder = join(projectFolder, ".muster/logs");
  await mkdir(logFolder, { recursive: true });
  await appendFile(join(logFolder, `build-${name}.log`), result.stdall);
  if (result.exitCode === 0) return;
  throw new MusterError("IMAGE_UNAVAILABLE", { message: `building ${name} ended with ${result.exitCode}: ${result.stdall.trim().split("\n").slice(-8).join("\n")}`, hint: `the whole output is in .muster/logs/build-${name}.log` });
}

/** One build at a time on a machine: a file that only its maker may remove, or whoever finds its maker gone. */
async function acquireLock(path: string): Promise<() => Promise<void>> {
  for (let waitedMs = 0; waitedMs < lockLimitMs; waitedMs += 500) {
    try {
      const file = await open(path, "wx");
      await file.writeFile(String(process.pid));
      await file.close();
      return () => rm(path, { force: true });
    } catch {
      const owner = await readFile(path, "utf8").catch(() => "");
      if (owner !== "" && !(await stat(`/proc/${owner}`).then(() => true, () => false))) await rm(path, { force: true });
      else await sleep(500);
    }
  }
  throw new MusterError("TIMEOUT", { message: `another build has held ${path} for ${lockLimitMs} ms`, hint: "see whether it still works, or remove the file" });
}
