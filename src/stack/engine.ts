import { existsSync } from "node:fs";
import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { $ } from "zx";
import { MusterError, messageOf } from "../core/errors.ts";
import { docker } from "./docker-client.ts";

/** The engine as it stands: answering, or why not. */
export type EngineState =
  | { readonly answers: true; readonly version: string; readonly compose: string | undefined }
  | { readonly answers: false; readonly reason: string; readonly installed: boolean };

const answerLimitMs = 3000;
const startLimitMs = 60_000;
const logFile = "/var/log/muster-dockerd.log";
const enginePrograms = ["/usr/sbin/dockerd", "/usr/bin/dockerd", "/usr/local/bin/dockerd"];
export const sentenceToType = "./muster setup --install-engine";

/** Asks the engine, with a short limit; follows DOCKER_HOST. */
export async function findEngine(): Promise<EngineState> {
  try {
    const version = await Promise.race([
      docker.version(),
      sleep(answerLimitMs).then(() => {
        throw new Error(`no answer within ${answerLimitMs} ms`);
      }),
    ]);
    return { answers: true, version: version.Version, compose: await composeVersion() };
  } catch (thrown) {
    return { answers: false, reason: messageOf(thrown), installed: enginePrograms.some((path) => existsSync(path)) };
  }
}

async function composeVersion(): Promise<string | undefined> {
  const result = await $({ nothrow: true, quiet: true, timeout: "10s" })`docker compose version --short`;
  return result.exitCode === 0 ? result.stdout.trim() : undefined;
}

/**
 * Makes sure that an engine with compose v2 answers. One that answers is used as it is; one that is installed is
 * started; one that is missing is installed only where `install` says so.
 * @throws MusterError NO_ENGINE with the sentence to type; ENGINE_INSTALL_FAILED with what the installer said.
 */
export async function ensureEngine(options: { readonly install: boolean; readonly log: (line: string) => void }): Promise<EngineState & { readonly answers: true }> {
  const found = await findEngine();
  if (found.answers && found.compose !== undefined) return found;
  if (!found.answers && process.env["DOCKER_HOST"] !== undefined) throw noEngine(`nothing answers at DOCKER_HOST (${found.reason})`);
  if (!options.install) throw noEngine(found.answers ? "an engine answers, but `docker compose` v2 is missing" : `no container engine answers (${found.reason})`);
  if (found.answers || !found.installed) await installEngine(options.log);
  if (!found.answers) await startEngine(options.log);
  const now = await findEngine();
  if (now.answers && now.compose !== undefined) return now;
  throw new MusterError("ENGINE_INSTALL_FAILED", { message: `the engine was installed but does not work (${now.answers ? "no compose v2" : now.reason})`, hint: `see ${logFile}` });
}

function noEngine(reason: string): MusterError {
  return new MusterError("NO_ENGINE", { message: reason, hint: `type ${sentenceToType} (or add --install-engine to this command); \`./muster run tutorial/cold\` needs no engine` });
}

/** Debian's own packages; before trixie, from trixie, which is pinned so low that nothing else moves. */
async function installEngine(log: (line: string) => void): Promise<void> {
  const release = Object.fromEntries((await readFile("/etc/os-release", "utf8").catch(() => "")).split("\n").map((line) => line.replaceAll('"', "").split("=")));
  if (release["ID"] !== "debian" || process.getuid?.() !== 0) {
    throw new MusterError("ENGINE_INSTALL_FAILED", {
      message: `an engine is installed by Muster on Debian as root only (this is ${release["PRETTY_NAME"] ?? "unknown"}, uid ${process.getuid?.() ?? "unknown"})`,
      hint: "install Docker Engine 24 or newer with compose v2 by your system's own means",
    });
  }
  const fromTrixie = Number(release["VERSION_ID"]) < 13;
  if (fromTrixie) await addTrixie();
  log("installing the engine from Debian's packages");
  await apt(["update", "-qq"]);
  const source = fromTrixie ? ["-t", "trixie"] : [];
  await apt(["install", "-y", "-qq", ...source, "--no-install-recommends", "docker.io", "docker-cli", "docker-compose", "docker-buildx", "iptables", "mmdebstrap"]);
}

async function addTrixie(): Promise<void> {
  const mirror = mirrorOf(await readFile("/etc/apt/sources.list.d/debian.sources", "utf8").catch(() => ""));
  if (mirror === undefined) throw new MusterError("ENGINE_INSTALL_FAILED", { message: "debian.sources has no URIs line to take the mirror from", hint: "install Docker Engine with compose v2 by hand" });
  await writeFile("/etc/apt/sources.list.d/muster-trixie.list", `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror} trixie main\n`);
  await writeFile("/etc/apt/preferences.d/muster-trixie", "Package: *\nPin: release n=trixie\nPin-Priority: 100\n");
}

/** The machine's own mirror: the first `URIs:` line; comments may hold a snapshot address that must not be taken. */
export function mirrorOf(debianSources: string): string | undefined {
  return /^URIs:\s*(\S+)/m.exec(debianSources)?.[1];
}

async function apt(words: readonly string[]): Promise<void> {
  const result = await $({ nothrow: true, quiet: true, timeout: "600s", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } })`apt-get ${words}`;
  if (result.exitCode === 0) return;
  throw new MusterError("ENGINE_INSTALL_FAILED", { message: `apt-get ${words[0] ?? ""} ended with ${result.exitCode}: ${result.stderr.trim().slice(-600)}`, hint: "check the machine's package sources" });
}

/** Starts the engine so that it outlives this process: no init system need be there. */
async function startEngine(log: (line: string) => void): Promise<void> {
  log("starting the engine");
  await mkdir("/var/log", { recursive: true });
  const output = await open(logFile, "a");
  const engine = spawn(enginePrograms.find((path) => existsSync(path)) ?? "dockerd", [], { detached: true, stdio: ["ignore", output.fd, output.fd] });
  engine.on("error", () => undefined); // Told below, when nothing answers.
  engine.unref();
  await output.close();
  for (let waitedMs = 0; waitedMs < startLimitMs; waitedMs += 250) {
    if ((await findEngine()).answers) return;
    await sleep(250);
  }
  throw new MusterError("ENGINE_INSTALL_FAILED", { message: `the engine did not answer within ${startLimitMs} ms of its start`, hint: `see ${logFile}` });
}
