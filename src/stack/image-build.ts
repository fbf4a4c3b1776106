import { existsSync } from "node:fs";
import { appendFile, cp, mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { $ } from "zx";
import { MusterError } from "../core/errors.ts";
import { docker } from "./docker-client.ts";
import { fetchArtefacts } from "./image-artefacts.ts";
import { acquireBuildLock } from "./image-build-lock.ts";
import { bootstrapBase, isPartOfImage, localTag, readImageLock, type ImageLock } from "./image-lock.ts";
import { imageId, pullOfficial } from "./image-registry.ts";

export interface ImageToBuild {
  readonly lock: ImageLock;
  readonly tag: string;
}

interface Builder {
  readonly projectFolder: string;
  readonly log: (line: string) => void;
}

const buildLimit = "1800s";
const tailLines = 12;

/**
 * Builds images from package registries. The network and the processor are used at once: artefacts of all images are
 * fetched side by side while the base is made, and an image is built as soon as both are there.
 * @throws MusterError IMAGE_UNAVAILABLE with the end of the output, DIGEST_MISMATCH with both digests
 */
export async function buildImages(items: readonly ImageToBuild[], builder: Builder): Promise<void> {
  const cacheFolder = join(builder.projectFolder, ".muster/cache");
  await mkdir(cacheFolder, { recursive: true });
  await using _lock = await acquireBuildLock(join(cacheFolder, "build.lock"), {
    onWait: (owner) => builder.log(`waiting for the image build of process ${owner}`),
  });
  const missing: ImageToBuild[] = [];
  for (const item of items) if ((await imageId(item.tag)) === undefined) missing.push(item); // Another process may have built it meanwhile.
  if (missing.length === 0) return;
  const names = missing.map(({ lock }) => `${lock.name} ${lock.version}`).join(", ");
  builder.log(`building ${names} from package registries (once)`);
  const contexts = join(cacheFolder, "contexts");
  try {
    await timed("built the images", builder, async () => await buildAll(missing, contexts, builder));
  } finally {
    await rm(contexts, { recursive: true, force: true });
  }
}

async function buildAll(items: readonly ImageToBuild[], contexts: string, builder: Builder): Promise<void> {
  const bases = new Map<string, Promise<string>>();
  const baseTag = (name: string): Promise<string> => {
    const tag = bases.get(name) ?? ensureBase(name, baseTag, builder);
    bases.set(name, tag);
    return tag;
  };
  const built = items.map(async ({ lock, tag }) => {
    const context = join(contexts, lock.name);
    const fetched = prepareContext(lock, context, builder);
    const [base] = await Promise.all([baseTag(lock.base), fetched]);
    await timed(
      `built ${lock.name}`,
      builder,
      async () => await dockerBuild({ context, tag, base, lock }, builder),
    );
  });
  // The first failure is told only when nothing works in the folders any more.
  const failures = (await Promise.allSettled(built)).flatMap((outcome) =>
    outcome.status === "rejected" ? [outcome.reason] : [],
  );
  if (failures.length > 0) throw failures[0];
}

async function prepareContext(lock: ImageLock, context: string, builder: Builder): Promise<void> {
  const { projectFolder } = builder;
  await rm(context, { recursive: true, force: true });
  await cp(lock.folder, context, { recursive: true });
  for (const { from, into } of lock.sources) {
    await cp(join(projectFolder, from), join(context, into), { recursive: true, filter: isPartOfImage });
  }
  const cacheFolder = join(projectFolder, ".muster/cache/artefacts");
  await timed(
    `fetched the artefacts of ${lock.name}`,
    builder,
    async () => await fetchArtefacts(lock, { projectFolder, cacheFolder, contextFolder: context }),
  );
}

/** Bases are few: `debian`, and what stands on it. */
async function ensureBase(
  name: string,
  baseTag: (name: string) => Promise<string>,
  builder: Builder,
): Promise<string> {
  const lock = await readImageLock(builder.projectFolder, name);
  const tag = await localTag(builder.projectFolder, lock);
  if ((await imageId(tag)) !== undefined) return tag;
  if (lock.base === bootstrapBase) {
    await timed(`made base ${lock.name}`, builder, async () => await makeFirstBase(lock, tag, builder));
    return tag;
  }
  const base = await baseTag(lock.base);
  await timed(
    `built base ${lock.name}`,
    builder,
    async () => await dockerBuild({ context: lock.folder, tag, base, lock }, builder),
  );
  return tag;
}

/** The vendor's minimal system where it can be pulled; else one from the mirror that this machine itself uses. */
async function makeFirstBase(lock: ImageLock, tag: string, builder: Builder): Promise<void> {
  if (lock.official !== null && (await pullOfficial(lock.official))) {
    const colon = tag.lastIndexOf(":");
    await docker.getImage(lock.official).tag({ repo: tag.slice(0, colon), tag: tag.slice(colon + 1) });
    return;
  }
  const tools = ["/usr/bin/mmdebstrap", "/etc/apt/sources.list.d/debian.sources"];
  const absent = tools.filter((path) => !existsSync(path));
  if (absent.length > 0) {
    throw new MusterError("IMAGE_UNAVAILABLE", {
      message: `expected a registry that has ${lock.official ?? lock.name}, or Debian with mmdebstrap to make it here; no registry answers, and ${absent.join(" and ")} is missing`,
      hint: "install mmdebstrap, or name your own images in the variables of the compose file",
    });
  }
  const script = join(lock.folder, "bootstrap.sh");
  await run(
    { words: ["bash", script], environment: { SUITE: lock.version, TAG: tag }, name: lock.name },
    builder,
  );
}

interface DockerBuild {
  readonly context: string;
  readonly tag: string;
  readonly base: string;
  readonly lock: ImageLock;
}

async function dockerBuild({ context, tag, base, lock }: DockerBuild, builder: Builder): Promise<void> {
  const parts = { BASE: base, VERSION: lock.version };
  const buildArguments = Object.entries(parts).flatMap(([name, value]) => [
    "--build-arg",
    `${name}=${value}`,
  ]);
  const words = ["docker", "build", "--progress", "plain", ...buildArguments, "-t", tag, context];
  await run({ words, environment: {}, name: lock.name }, builder);
}

interface Command {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly name: string;
}

async function run({ words, environment, name }: Command, { projectFolder }: Builder): Promise<void> {
  const logFile = join(projectFolder, ".muster/logs", `build-${basename(name)}.log`);
  await mkdir(join(projectFolder, ".muster/logs"), { recursive: true });
  const env = { ...process.env, ...environment };
  const result = await $({ nothrow: true, quiet: true, timeout: buildLimit, env })`${words}`;
  await appendFile(logFile, result.stdall);
  if (result.exitCode === 0) return;
  throw new MusterError("IMAGE_UNAVAILABLE", {
    message: `building ${name} ended with ${result.exitCode ?? `no answer within ${buildLimit}`}: ${result.stdall.trim().split("\n").slice(-tailLines).join("\n")}`,
    hint: `the whole output is in .muster/logs/build-${name}.log`,
  });
}

async function timed(what: string, { log }: Builder, action: () => Promise<void>): Promise<void> {
  const beganAt = performance.now();
  await action();
  log(`${what} (${((performance.now() - beganAt) / 1000).toFixed(1)} s)`);
}
