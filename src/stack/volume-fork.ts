import { PassThrough } from "node:stream";
import { MusterError } from "../core/errors.ts";
import { docker, isNotFound } from "./docker-client.ts";
import type { RunLabels } from "./labels.ts";

/**
 * Forks of volumes. An overlay over a golden volume is a copy in constant time: cost follows what is changed, not what is
 * there. Where the engine refuses overlay volumes, a plain copy does the same, slower.
 */

export interface ForkRequest {
  /** Name of the golden volume → name of its fork. No running container may use the golden one. */
  readonly volumes: ReadonlyMap<string, string>;
  /** Volume that holds what the forks change. */
  readonly upperVolume: string;
  /** Any image with a shell; it does the work inside the engine, so that no host folder is touched. */
  readonly image: string;
  readonly labels: RunLabels;
}

export async function forkVolumes(request: ForkRequest): Promise<"overlay" | "copy"> {
  try {
    await forkByOverlay(request);
    return "overlay";
  } catch {
    // Overlay volumes need a local engine on a file system that takes them; a copy works everywhere.
    await removeForks(request);
    await forkByCopy(request);
    return "copy";
  }
}

async function forkByOverlay(request: ForkRequest): Promise<void> {
  await docker.createVolume({ Name: request.upperVolume, Labels: { ...request.labels } });
  const golden = [...request.volumes.keys()];
  // The upper folder becomes the root of the mount, so it takes over owner and mode of the golden root.
  const script = golden
    .map(
      (_, index) =>
        `mkdir -p /upper/${index}/upper /upper/${index}/work && chown --reference=/golden/${index} /upper/${index}/upper && chmod --reference=/golden/${index} /upper/${index}/upper`,
    )
    .join(" && ");
  await runOnce(request, script, [
    `${request.upperVolume}:/upper`,
    ...golden.map((name, index) => `${name}:/golden/${index}:ro`),
  ]);
  const upper = (await docker.getVolume(request.upperVolume).inspect()).Mountpoint;
  for (const [index, name] of golden.entries()) {
    const lower = (await docker.getVolume(name).inspect()).Mountpoint;
    await docker.createVolume({
      Name: request.volumes.get(name) ?? "",
      Driver: "local",
      DriverOpts: {
        type: "overlay",
        device: "overlay",
        o: `lowerdir=${lower},upperdir=${upper}/${index}/upper,workdir=${upper}/${index}/work`,
      },
      Labels: { ...request.labels },
    });
  }
  // A refused mount shows only when the volume is used. Lock files are copied up at once: Lucene compares the time at
  // which its lock was made before and after opening it, and takes a later copying-up for foreign interference.
  await runOnce(
    request,
    "find /fork -type f -name '*.lock' -exec touch {} +",
    [...request.volumes.values()].map((name, index) => `${name}:/fork/${index}`),
  );
}

async function forkByCopy(request: ForkRequest): Promise<void> {
  const pairs = [...request.volumes];
  for (const [, fork] of pairs) await docker.createVolume({ Name: fork, Labels: { ...request.labels } });
  const script = pairs
    .map(
      (_, index) =>
        `cp -a /golden/${index}/. /fork/${index}/ && chown --reference=/golden/${index} /fork/${index} && chmod --reference=/golden/${index} /fork/${index}`,
    )
    .join(" && ");
  await runOnce(
    request,
    script,
    pairs.flatMap(([golden, fork], index) => [
      `${golden}:/golden/${index}:ro`,
      `${fork}:/fork/${index}:nocopy`,
    ]),
  );
}

/** Removes forks and what they changed; the golden volumes stay. */
export async function removeForks(request: Pick<ForkRequest, "volumes" | "upperVolume">): Promise<void> {
  for (const name of [...request.volumes.values(), request.upperVolume]) {
    await docker
      .getVolume(name)
      .remove({ force: true })
      .catch((thrown: unknown) => {
        if (!isNotFound(thrown)) throw thrown;
      });
  }
}

async function runOnce(request: ForkRequest, script: string, binds: readonly string[]): Promise<void> {
  const output = new PassThrough();
  let said = "";
  output.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
  const [result, container] = (await docker.run(request.image, ["-c", script], output, {
    Entrypoint: ["bash"],
    User: "root",
    Labels: { ...request.labels },
    HostConfig: { Binds: [...binds], NetworkMode: "none" },
  })) as [{ StatusCode: number }, import("dockerode").Container];
  await container.remove({ force: true, v: true });
  if (result.StatusCode !== 0) {
    throw new MusterError("STACK_FAILED", {
      message: `preparing volume forks ended with ${result.StatusCode}: ${said.trim()}`,
    });
  }
}
