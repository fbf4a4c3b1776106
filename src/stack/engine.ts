import { existsSync } from "node:fs";
import { open, readFile, writeFile } from "node:fs/promises";
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { $ } from "zx";
import { MusterError, messageOf } from "../core/errors.ts";

/** The engine as it stands: answering, or why not. */
export type EngineState = AnsweringEngine | SilentEngine;

export interface AnsweringEngine {
  readonly answers: true;
  readonly version: string;
  /** Version of `docker compose`, where version 2 of it is there. */
  readonly compose: string | undefined;
}

interface SilentEngine {
  readonly answers: false;
  readonly reason: string;
  readonly installed: boolean;
}

interface EngineOptions {
  /** Whether packages may be added to this machine; the command line asks its user. */
  readonly install: boolean;
  readonly log: (line: string) => void;
}

const answerLimitMs = 3000;
/** A client of its own, because the limit belongs to the client: what asks only whether anyone is there must not wait. */
const hastyDocker = new Docker({ timeout: answerLimitMs });
const startLimitMs = 60_000;
const startPollMs = 250;
const installLimit = "600s";
const logFile = "/var/log/muster-dockerd.log";
const sourcesFile = "/etc/apt/sources.list.d/debian.sources";
const enginePrograms = ["/usr/sbin/dockerd", "/usr/bin/dockerd", "/usr/local/bin/dockerd"];
const packages = ["docker.io", "docker-cli", "docker-compose", "docker-buildx", "iptables", "mmdebstrap"];
/** Debian releases whose own engine and compose are too old. */
const oldReleases = ["buster", "bullseye", "bookworm"];

/** What a user types to get an engine. */
export const sentenceToType = "./muster setup --install-engine";

/** Asks the engine, with a short limit; follows DOCKER_HOST. */
export async function findEngine(): Promise<EngineState> {
  try {
    const { Version: version } = await hastyDocker.version();
    return { answers: true, version, compose: await composeVersion() };
  } catch (thrown) {
    return { answers: false, reason: messageOf(thrown), installed: engineProgram() !== undefined };
  }
}

function engineProgram(): string | undefined {
  return enginePrograms.find((path) => existsSync(path));
}

async function composeVersion(): Promise<string | undefined> {
  const result = await $({ nothrow: true, quiet: true, timeout: "10s" })`docker compose version --short`;
  const version = result.stdout.trim().replace(/^v/, "");
  return result.exitCode === 0 && !version.startsWith("1.") ? version : undefined;
}

/**
 * Makes sure that an engine with compose v2 answers. One that answers is used as it is; one that is installed is
 * started; one that is missing is installed only where `install` says so. The engine outlives this process.
 * @throws MusterError NO_ENGINE with the sentence to type; ENGINE_INSTALL_FAILED with what the installer said.
 */
export async function ensureEngine(options: EngineOptions): Promise<AnsweringEngine> {
  let state = await findEngine();
  if (isComplete(state)) return state;
  if (process.env["DOCKER_HOST"] !== undefined) throw noEngineAtHost(state);
  if (!state.answers && state.installed) state = await startEngine(state, options.log);
  if (isComplete(state)) return state;
  if (!options.install) throw noEngine(state);
  await installEngine(options.log);
  state = await findEngine();
  if (!state.answers) state = await startEngine(state, options.log);
  if (isComplete(state)) return state;
  throw new MusterError("ENGINE_INSTALL_FAILED", {
    message: "the packages are installed and the engine answers, but `docker compose` v2 does not",
    hint: "see whether another `docker` comes first in PATH",
  });
}

function isComplete(state: EngineState): state is AnsweringEngine {
  return state.answers && state.compose !== undefined;
}

function noEngine(state: EngineState): MusterError {
  return new MusterError("NO_ENGINE", {
    message: state.answers
      ? `expected an engine with \`docker compose\` v2, found engine ${state.version} without it`
      : `expected a container engine, none is installed (${state.reason})`,
    hint: `type ${sentenceToType} (or add --install-engine to this command); \`./muster run tutorial/cold\` needs no engine`,
  });
}

/** An engine that the user chose is the user's: nothing is installed or started in its place. */
function noEngineAtHost(state: EngineState): MusterError {
  if (state.answers) return noEngine(state);
  return new MusterError("NO_ENGINE", {
    message: `nothing answers at DOCKER_HOST within ${answerLimitMs} ms (${state.reason})`,
    hint: `start that engine, or unset DOCKER_HOST and type ${sentenceToType}`,
  });
}

/** Starts an installed engine: by systemd where that runs, else as a process of its own session. */
async function startEngine(state: SilentEngine, log: (line: string) => void): Promise<AnsweringEngine> {
  if (process.getuid?.() !== 0) {
    throw new MusterError("NO_ENGINE", {
      message: `an engine is installed, but does not answer this user (${state.reason})`,
      hint: "start it as root (for example `sudo systemctl start docker`), and be in the group `docker`",
    });
  }
  log("starting the engine");
  const beganAt = performance.now();
  const failure = existsSync("/run/systemd/system") ? await startUnit() : await startDaemon();
  while (performance.now() - beganAt < startLimitMs && failure() === undefined) {
    const now = await findEngine();
    if (now.answers) return now;
    await sleep(startPollMs);
  }
  throw new MusterError("ENGINE_INSTALL_FAILED", {
    message: `expected the engine to answer within ${startLimitMs} ms of its start, ${failure() ?? "it did not"}`,
    hint: `see ${existsSync("/run/systemd/system") ? "`journalctl -u docker`" : logFile}`,
  });
}

/** @returns a function that tells why the engine will not come, once that is known. */
type Failure = () => string | undefined;

async function startUnit(): Promise<Failure> {
  const result = await $({
    nothrow: true,
    quiet: true,
    timeout: `${startLimitMs}ms`,
  })`systemctl start docker`;
  return () => (result.exitCode === 0 ? undefined : `systemctl said: ${result.stderr.trim().slice(-300)}`);
}

async function startDaemon(): Promise<Failure> {
  const output = await open(logFile, "a");
  const daemon = spawn(engineProgram() ?? "dockerd", [], {
    cwd: "/",
    detached: true, // A session of its own: it outlives this process and its terminal.
    stdio: ["ignore", output.fd, output.fd],
  });
  let failure: string | undefined;
  daemon.once("error", (problem) => (failure = problem.message));
  daemon.once("exit", (code) => (failure = `it ended with ${code ?? "a signal"}`));
  daemon.unref();
  await output.close();
  return () => failure;
}

/** Debian's own packages; before trixie, from trixie, which is pinned so low that nothing else is drawn from it. */
async function installEngine(log: (line: string) => void): Promise<void> {
  const system = parseOsRelease(await readFile("/etc/os-release", "utf8").catch(() => ""));
  if (system.get("ID") !== "debian" || process.getuid?.() !== 0) {
    throw new MusterError("ENGINE_INSTALL_FAILED", {
      message: `expected Debian and root to install an engine, found ${system.get("PRETTY_NAME") ?? "an unknown system"} and uid ${process.getuid?.() ?? "unknown"}`,
      hint: "install Docker Engine 25 or newer with compose v2 by your system's own means",
    });
  }
  const sources = await readFile(sourcesFile, "utf8").catch(() => "");
  const needsTrixie = oldReleases.includes(suiteOf(sources) ?? system.get("VERSION_CODENAME") ?? "");
  log("installing the engine from Debian's packages");
  if (needsTrixie) await addTrixie(sources);
  await apt(["update", "-qq"]);
  const release = needsTrixie ? ["-t", "trixie"] : [];
  await apt(["install", "-y", "-qq", ...release, "--no-install-recommends", ...packages]);
}

async function addTrixie(sources: string): Promise<void> {
  const mirror = mirrorOf(sources);
  if (mirror === undefined) {
    throw new MusterError("ENGINE_INSTALL_FAILED", {
      message: `expected a line "URIs:" in ${sourcesFile} to take the mirror from, found none`,
      hint: "install Docker Engine 25 or newer with compose v2 by hand",
    });
  }
  const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
  await writeFile(
    "/etc/apt/sources.list.d/muster-trixie.list",
    `deb [signed-by=${keyring}] ${mirror} trixie main\n`,
  );
  await writeFile(
    "/etc/apt/preferences.d/muster-trixie",
    "Package: *\nPin: release n=trixie\nPin-Priority: 100\n",
  );
}

/** The machine's own mirror: the first `URIs:` line; comments may hold a snapshot address that must not be taken. */
export function mirrorOf(debianSources: string): string | undefined {
  return /^URIs:\s*(\S+)/m.exec(debianSources)?.[1];
}

/**
 * The release that the machine draws its packages from. `/etc/os-release` is no witness: a single package of a newer
 * release may bring that file along.
 */
export function suiteOf(debianSources: string): string | undefined {
  return /^Suites:\s*(\S+)/m.exec(debianSources)?.[1];
}

/** Lines `KEY="value"` as in /etc/os-release. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(/^([A-Z_]+)="?(.*?)"?$/gm)].map(([, key = "", value = ""]) => [key, value]),
  );
}

async function apt(words: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const result = await $({ nothrow: true, quiet: true, timeout: installLimit, env })`apt-get ${words}`;
  if (result.exitCode === 0) return;
  throw new MusterError("ENGINE_INSTALL_FAILED", {
    message: `apt-get ${words[0] ?? ""} ended with ${result.exitCode}: ${result.stderr.trim().slice(-600)}`,
    hint: "check the machine's package sources",
  });
}
