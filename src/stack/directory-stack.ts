import { cp, lstat, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createReadStream } from "node:fs";
import { dirname, join, relative } from "node:path";
import { $ } from "zx";
import { z } from "zod";
import { MusterError } from "../core/errors.ts";
import type { ComponentImage, Look, Stack, StackHandle, StackSpec, TreeEntry } from "../core/stack.ts";
import type { DeploymentFile } from "../core/system.ts";
import type { Receipt } from "../core/tables.ts";
import { isAlive } from "./process-owner.ts";

export interface DirectoryStackOptions {
  readonly spec: Extract<StackSpec, { kind: "directory" }>;
  readonly projectName: string;
  readonly workFolder: string;
  readonly deployment: readonly DeploymentFile[];
  readonly startLimitMs: number;
}

const serviceStateSchema = z.object({ pid: z.int().positive(), port: z.int().positive() });

/**
 * Software in a folder and plain processes, without an engine. The deployment folder has one program that understands
 * `start` and `stop`; each running service writes `run/<service>.json` with its process id and port.
 */
export class DirectoryStack implements Stack {
  readonly projectName: string;
  readonly deploymentFolder: string;
  readonly #options: DirectoryStackOptions;

  constructor(options: DirectoryStackOptions) {
    this.#options = options;
    this.projectName = options.projectName;
    this.deploymentFolder = join(options.workFolder, "deployment");
  }

  async up(): Promise<void> {
    for (const file of this.#options.deployment) {
      const path = join(this.deploymentFolder, file.placedIn?.folder ?? "", file.path);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, file.text, { mode: file.mode });
    }
    await this.#call("start");
  }

  async #call(word: "start" | "stop"): Promise<void> {
    const program = join(this.deploymentFolder, this.#options.spec.program);
    const shell = $({
      cwd: this.deploymentFolder,
      nothrow: true,
      quiet: true,
      timeout: this.#options.startLimitMs,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const result = await shell`${program} ${word}`;
    if (result.exitCode === 0) return;
    throw new MusterError("STACK_FAILED", {
      message: `${this.#options.spec.program} ${word} ended with ${result.exitCode}: ${result.stderr.trim()}`,
    });
  }

  async endpoint(service: string): Promise<{ host: string; port: number }> {
    const state = await this.#stateOf(service);
    if (state !== undefined) return { host: "127.0.0.1", port: state.port };
    throw new MusterError("STACK_FAILED", {
      message: `service "${service}" does not run`,
      hint: "its log is in the run's folder under evidence/logs",
    });
  }

  async isRunning(service: string): Promise<boolean> {
    return (await this.#stateOf(service)) !== undefined;
  }

  async anyRunning(): Promise<boolean> {
    return (await this.#running()).length > 0;
  }

  async isUntouched(): Promise<boolean> {
    return (await readdir(this.deploymentFolder).catch(() => [])).length === 0;
  }

  async #running(): Promise<{ service: string; pid: number }[]> {
    const names = await readdir(join(this.deploymentFolder, "run")).catch(() => []);
    const states = await Promise.all(
      names
        .filter((name) => name.endsWith(".json"))
        .map(async (name) => ({
          service: name.slice(0, -5),
          pid: (await this.#stateOf(name.slice(0, -5)))?.pid,
        })),
    );
    return states.flatMap(({ service, pid }) => (pid === undefined ? [] : [{ service, pid }]));
  }

  /** State of a service whose process is alive; undefined otherwise. */
  async #stateOf(service: string): Promise<{ pid: number; port: number } | undefined> {
    const text = await readFile(join(this.deploymentFolder, "run", `${service}.json`), "utf8").catch(
      () => undefined,
    );
    if (text === undefined) return undefined;
    const state = serviceStateSchema.parse(JSON.parse(text));
    return isAlive(state.pid) ? state : undefined;
  }

  readTree(_service: string, folder: string): AsyncIterable<TreeEntry> {
    return readFolder(join(this.deploymentFolder, folder));
  }

  async environment(): Promise<Readonly<Record<string, string>>> {
    const urls: Record<string, string> = {};
    for (const { service } of await this.#running()) {
      const { host, port } = await this.endpoint(service);
      urls[`${service.toUpperCase().replaceAll("-", "_")}_URL`] = `http://${host}:${port}`;
    }
    return { ...urls, COMPOSE_PROJECT_NAME: this.projectName, DEPLOYMENT_DIR: this.deploymentFolder };
  }

  images(): Promise<readonly ComponentImage[]> {
    return Promise.resolve([{ service: "*", image: `processes on Node ${process.version}`, digest: "none" }]);
  }

  async forkForLooking(): Promise<Look> {
    if (await this.anyRunning()) {
      return { stack: this, method: "live", [Symbol.asyncDispose]: () => Promise.resolve() };
    }
    const folder = await mkdtemp(join(this.#options.workFolder, "look-"));
    await cp(this.deploymentFolder, folder, { recursive: true, preserveTimestamps: true });
    const stack: StackHandle = {
      projectName: `${this.projectName}-look`,
      endpoint: (service) => this.endpoint(service),
      isRunning: () => Promise.resolve(false),
      readTree: (_service, inner) => readFolder(join(folder, inner)),
    };
    return {
      stack,
      method: "copy",
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
    };
  }

  async destroy(): Promise<readonly Receipt[]> {
    const entries = await readdir(this.deploymentFolder, { recursive: true }).catch(() => []);
    const running = await this.#running();
    await this.down();
    const left = await readdir(this.deploymentFolder).catch(() => undefined);
    return [
      ...running.map(({ service, pid }) =>
        receipt(`process of ${service}`, `running as ${pid}`, isAlive(pid) ? "running" : "absent"),
      ),
      receipt(
        "folder deployment",
        `${entries.length} entries`,
        left === undefined ? "absent" : `${left.length} entries`,
      ),
    ];
  }

  async collectLogs(folder: string): Promise<void> {
    const runFolder = join(this.deploymentFolder, "run");
    const names = (await readdir(runFolder).catch(() => [])).filter((name) => name.endsWith(".log"));
    await mkdir(folder, { recursive: true });
    for (const name of names) await cp(join(runFolder, name), join(folder, name));
  }

  probeIsolation(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async down(): Promise<void> {
    for (const { pid } of await this.#running()) await endProcess(pid);
    await rm(this.deploymentFolder, { recursive: true, force: true });
  }
}

function receipt(subject: string, before: string, after: string): Receipt {
  return { about: "destruction", subject, before, after };
}

async function endProcess(pid: number): Promise<void> {
  process.kill(pid, "SIGKILL");
  for (let waitedMs = 0; isAlive(pid) && waitedMs < 5000; waitedMs += 10) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Streams a folder in name order. Yields nothing where it is absent. */
async function* readFolder(folder: string, root = folder): AsyncIterable<TreeEntry> {
  const names = await readdir(folder).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === "ENOENT") return [];
    throw thrown;
  });
  for (const name of names.toSorted()) {
    const path = join(folder, name);
    const stats = await lstat(path);
    const kind = stats.isFile()
      ? "file"
      : stats.isDirectory()
        ? "directory"
        : stats.isSymbolicLink()
          ? "link"
          : "other";
    yield {
      path: relative(root, path),
      kind,
      bytes: kind === "file" ? stats.size : 0,
      mode: stats.mode & 0o7777,
      uid: stats.uid,
      gid: stats.gid,
      content: kind === "file" ? contentOf(path) : nothing(),
    };
    if (kind === "directory") yield* readFolder(path, root);
  }
}

/** Opens the file only when it is asked for, so that entries passed over cost no handle. */
async function* contentOf(path: string): AsyncIterable<Uint8Array> {
  yield* createReadStream(path);
}

// oxlint-disable-next-line require-yield -- An entry without content yields nothing, by definition.
async function* nothing(): AsyncIterable<Uint8Array> {}
