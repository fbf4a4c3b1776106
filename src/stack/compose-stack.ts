import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DockerComposeEnvironment, Wait } from "testcontainers";
import { MusterError, messageOf } from "../core/errors.ts";
import type { ComponentImage, Look, Stack, StackSpec, TreeEntry } from "../core/stack.ts";
import type { DeploymentFile } from "../core/system.ts";
import type { Receipt } from "../core/tables.ts";
import { composeCli } from "./compose-cli.ts";
import {
  fillVariable,
  overrideFileIn,
  readComposeFile,
  volumeOfFolder,
  writeOverride,
  type ComposeFile,
} from "./compose-file.ts";
import { containersOf, docker, serviceLabel, volumesOf } from "./docker-client.ts";
import { receiptsOfRemoval, inventory, removeProject } from "./compose-removal.ts";
import { withLogsOfStart, writeContainerLogs } from "./container-logs.ts";
import { installOnce } from "./first-installation.ts";
import { probeNetwork } from "./isolation.ts";
import type { RunLabels } from "./labels.ts";
import { readVolumeWithAttributes } from "./tree-attributes.ts";
import { fillVolume, readVolume } from "./tree.ts";
import { forkVolumes, removeForks } from "./volume-fork.ts";

export interface ComposeStackOptions {
  readonly spec: Extract<StackSpec, { kind: "compose" }>;
  readonly projectFolder: string;
  readonly projectName: string;
  /** Private folder of the run; `deployment` below it is what the operator's own folder would be. */
  readonly workFolder: string;
  readonly deployment: readonly DeploymentFile[];
  readonly labels: RunLabels;
  readonly startLimitMs: number;
}

/** A compose project that Muster owns from its first container to the removal of its last volume. */
export class ComposeStack implements Stack {
  readonly projectName: string;
  readonly deploymentFolder: string;
  readonly #options: ComposeStackOptions;
  readonly #file: ComposeFile;
  /** Set in a stack that looks at forks: volume of the compose file → name of the fork. */
  readonly #forks: ReadonlyMap<string, string> | undefined;

  private constructor(options: ComposeStackOptions, file: ComposeFile, forks?: ReadonlyMap<string, string>) {
    this.#options = options;
    this.projectName = options.projectName;
    this.deploymentFolder = join(options.workFolder, "deployment");
    this.#file = file;
    this.#forks = forks;
  }

  static async create(options: ComposeStackOptions): Promise<ComposeStack> {
    const file = await readComposeFile(join(options.projectFolder, options.spec.composeFile));
    await mkdir(join(options.workFolder), { recursive: true, mode: 0o700 });
    await writeOverride(file, { path: overrideFileIn(options.workFolder), labels: options.labels });
    return new ComposeStack(options, file);
  }

  async up(): Promise<void> {
    await this.#writeDeployment();
    const start = (services: readonly string[]) => this.#startServices(services);
    await installOnce(this.#options.spec, start, (words) => this.#compose(words));
    await this.#startServices();
  }

  /** The operator's folder beside the data: compose file, environment, and configuration inside volumes. */
  async #writeDeployment(): Promise<void> {
    const { deployment, projectFolder, spec } = this.#options;
    await mkdir(this.deploymentFolder, { recursive: true, mode: 0o700 });
    await copyFile(join(projectFolder, spec.composeFile), join(this.deploymentFolder, "compose.yaml"));
    for (const file of deployment.filter(({ placedIn }) => placedIn === undefined)) {
      await mkdir(dirname(join(this.deploymentFolder, file.path)), { recursive: true });
      await writeFile(join(this.deploymentFolder, file.path), file.text, { mode: file.mode });
    }
    const inVolumes = deployment.filter(({ placedIn }) => placedIn !== undefined);
    if (inVolumes.length === 0) return;
    await this.#compose(["create", "--quiet-pull"]);
    const targets = Map.groupBy(inVolumes, ({ placedIn }) => `${placedIn?.service}\n${placedIn?.folder}`);
    for (const [target, files] of targets) {
      const [service = "", folder = ""] = target.split("\n");
      const { volume } = volumeOfFolder(this.#file, service, folder);
      await fillVolume(await this.#access(service, volume), files);
    }
  }

  async #startServices(services?: readonly string[]): Promise<void> {
    const environment = new DockerComposeEnvironment(this.deploymentFolder, this.#composeFiles())
      .withProjectName(this.projectName)
      .withEnvironment({ COMPOSE_PROJECT_NAME: this.projectName })
      .withStartupTimeout(this.#options.startLimitMs)
      .withDefaultWaitStrategy(Wait.forHealthCheck());
    try {
      await withLogsOfStart({ projectName: this.projectName, folder: this.#logsOfStart() }, () =>
        environment.up(services === undefined ? undefined : [...services]),
      );
    } catch (cause) {
      throw new MusterError("STACK_FAILED", {
        message: `stack did not become healthy within ${this.#options.startLimitMs} ms (${messageOf(cause)})`,
        hint: "the logs of every container are in the run's folder under evidence/logs",
        cause,
      });
    }
  }

  async endpoint(service: string, port: number): Promise<{ host: string; port: number }> {
    const container = await this.#container(service);
    const published = container?.Ports.find(
      (candidate) => candidate.PrivatePort === port && candidate.PublicPort !== undefined,
    );
    if (published?.PublicPort === undefined) {
      throw new MusterError("STACK_FAILED", {
        message: `port ${port} of service "${service}" is not published (container ${container?.State ?? "absent"})`,
        hint: "the compose file must publish it as 127.0.0.1::<port>",
      });
    }
    return { host: "127.0.0.1", port: published.PublicPort };
  }

  async isRunning(service: string): Promise<boolean> {
    return (await this.#container(service))?.State === "running";
  }

  async anyRunning(): Promise<boolean> {
    return (await containersOf(this.projectName)).some(({ State }) => State === "running");
  }

  async isUntouched(): Promise<boolean> {
    const files = await readdir(this.deploymentFolder).catch(() => []);
    return files.length === 0 && (await inventory(this.projectName)).size === 0;
  }

  async *readTree(
    service: string,
    folder: string,
    { withAttributes } = { withAttributes: false },
  ): AsyncIterable<TreeEntry> {
    const { volume, inner } = volumeOfFolder(this.#file, service, folder);
    const read = withAttributes ? readVolumeWithAttributes : readVolume;
    yield* read(await this.#access(service, volume), inner);
  }

  async environment(): Promise<Readonly<Record<string, string>>> {
    const urls: Record<string, string> = {};
    for (const container of await containersOf(this.projectName)) {
      const published = container.Ports.find(({ PublicPort }) => PublicPort !== undefined);
      const service = container.Labels[serviceLabel] ?? "";
      if (published?.PublicPort !== undefined) {
        urls[`${service.toUpperCase().replaceAll("-", "_")}_URL`] =
          `http://127.0.0.1:${published.PublicPort}`;
      }
    }
    return {
      ...urls,
      COMPOSE_PROJECT_NAME: this.projectName,
      COMPOSE_FILE: this.#composeFiles().join(":"),
      COMPOSE_PROGRESS: "plain",
      DEPLOYMENT_DIR: this.deploymentFolder,
    };
  }

  async images(): Promise<readonly ComponentImage[]> {
    const containers = await containersOf(this.projectName);
    const images = await Promise.all(
      containers.map(async ({ Labels, Image, ImageID }) => {
        const inspected = await docker.getImage(ImageID).inspect();
        return {
          service: Labels[serviceLabel] ?? "",
          image: Image,
          digest: inspected.RepoDigests[0] ?? inspected.Id,
        };
      }),
    );
    return images.toSorted((left, right) => left.service.localeCompare(right.service));
  }

  async forkForLooking(services: readonly string[]): Promise<Look> {
    if (await this.anyRunning()) {
      return { stack: this, method: "live", [Symbol.asyncDispose]: () => Promise.resolve() };
    }
    const projectName = `${this.projectName}-look`;
    const volumes = new Map(
      (await volumesOf(this.projectName)).map(({ Name }) => [
        Name,
        `${projectName}_${Name.slice(this.projectName.length + 1)}`,
      ]),
    );
    const request = {
      volumes,
      upperVolume: `${projectName}_upper`,
      image: await this.#imageOf(services[0] ?? Object.keys(this.#file.services)[0] ?? ""),
      labels: this.#options.labels,
    };
    const method = await forkVolumes(request);
    const look = await this.#lookStack(projectName, volumes);
    const dispose = async () => {
      await removeProject(projectName);
      await removeForks(request);
    };
    try {
      if (services.length > 0) await look.#startServices(services);
    } catch (thrown) {
      await look.collectLogs(join(this.#options.workFolder, "look-logs"));
      await dispose();
      throw thrown;
    }
    return { stack: look, method, [Symbol.asyncDispose]: dispose };
  }

  async #lookStack(projectName: string, volumes: ReadonlyMap<string, string>): Promise<ComposeStack> {
    const forks = new Map(
      Object.keys(this.#file.volumes).flatMap((name) => {
        const fork = volumes.get(`${this.projectName}_${name}`);
        return fork === undefined ? [] : [[name, fork] as const];
      }),
    );
    const look = new ComposeStack({ ...this.#options, projectName }, this.#file, forks);
    await writeOverride(this.#file, {
      path: look.#overrideFile(),
      labels: this.#options.labels,
      externalVolumes: forks,
    });
    return look;
  }

  async destroy(): Promise<readonly Receipt[]> {
    const before = await inventory(this.projectName);
    await removeProject(this.projectName);
    await rm(this.deploymentFolder, { recursive: true, force: true });
    return [
      ...receiptsOfRemoval(before, await inventory(this.projectName)),
      {
        about: "destruction",
        subject: "folder deployment",
        before: "compose file, environment and configuration of the operator",
        after: "absent",
      },
    ];
  }

  async collectLogs(folder: string): Promise<void> {
    if (existsSync(this.#logsOfStart())) await cp(this.#logsOfStart(), folder, { recursive: true });
    await writeContainerLogs(this.projectName, folder);
  }

  /** Logs of a start that failed. */
  #logsOfStart(): string {
    return join(this.#options.workFolder, `${this.projectName}-start`);
  }

  async probeIsolation(): Promise<{ isolated: boolean; detail: string } | undefined> {
    return await probeNetwork(this.projectName);
  }

  async down(): Promise<void> {
    await removeProject(this.projectName);
  }

  #overrideFile(): string {
    return this.#forks === undefined
      ? overrideFileIn(this.#options.workFolder)
      : join(this.#options.workFolder, `${this.projectName}.override.yaml`);
  }

  #composeFiles(): string[] {
    return [join(this.deploymentFolder, "compose.yaml"), this.#overrideFile()];
  }

  async #compose(words: readonly string[]): Promise<void> {
    await composeCli({
      words,
      cwd: this.deploymentFolder,
      projectName: this.projectName,
      files: this.#composeFiles(),
    });
  }

  async #container(service: string) {
    return (await containersOf(this.projectName)).find(
      ({ Labels }) => Labels[serviceLabel] === service && Labels["com.docker.compose.oneoff"] !== "True",
    );
  }

  async #access(service: string, volume: string) {
    return {
      image: await this.#imageOf(service),
      volume: this.#forks?.get(volume) ?? `${this.projectName}_${volume}`,
      labels: this.#options.labels,
    };
  }

  /** Image of a service with the variables of the run filled in. */
  async #imageOf(service: string): Promise<string> {
    const written = this.#file.services[service]?.image ?? "";
    return fillVariable(written, this.#options.deployment.find(({ path }) => path === ".env")?.text ?? "");
  }
}
