import { mkdir, writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import { docker } from "../src/stack/docker-client.ts";
import { labelsOf } from "../src/stack/labels.ts";
import { forkVolumes, removeForks } from "../src/stack/volume-fork.ts";
import { machine, median } from "./measure.ts";

/**
 * Fork of a volume of 1 GB against a copy of it, in alternating pairs, both by the engine.
 * Usage: node bench/fork.ts <image with bash> [pairs]; results go to bench/results/fork.json.
 */
const [image = "", pairsText = "3"] = process.argv.slice(2);
const name = `muster-bench-${process.pid}`;
const labels = labelsOf(name, "/nowhere");
const request = {
  volumes: new Map([[name, `${name}-fork`]]),
  upperVolume: `${name}-upper`,
  image,
  labels,
};

async function inContainer(script: string, binds: readonly string[]): Promise<void> {
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: ["bash", "-c", script],
    User: "root",
    Labels: { ...labels },
    HostConfig: { Binds: [...binds], NetworkMode: "none" },
  });
  await container.start();
  const { StatusCode: status } = (await container.wait()) as { StatusCode: number };
  await container.remove();
  if (status !== 0) throw new Error(`${script} ended with ${status}`);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const beganAt = performance.now();
  await work();
  return Math.round(performance.now() - beganAt);
}

await docker.createVolume({ Name: name, Labels: { ...labels } });
const pairs: { forkMs: number; method: string; copyMs: number; load: number }[] = [];
try {
  // 1000 files of 1 MB, as stores of many tables and segments have them.
  await inContainer("for i in $(seq 1000); do head -c 1000000 /dev/urandom > /golden/$i; done; sync", [
    `${name}:/golden`,
  ]);
  for (let pair = 0; pair < Number(pairsText); pair += 1) {
    const load = Number((loadavg()[0] ?? 0).toFixed(1));
    let method = "";
    const forkMs = await timed(async () => {
      method = await forkVolumes(request);
    });
    await removeForks(request);
    await docker.createVolume({ Name: `${name}-copy`, Labels: { ...labels } });
    const copyMs = await timed(() =>
      inContainer("cp -a /golden/. /copy/", [`${name}:/golden:ro`, `${name}-copy:/copy:nocopy`]),
    );
    await docker.getVolume(`${name}-copy`).remove();
    pairs.push({ forkMs, method, copyMs, load });
    console.log(JSON.stringify(pairs.at(-1)));
  }
} finally {
  await docker.getVolume(name).remove({ force: true });
}
await mkdir(join(import.meta.dirname, "results"), { recursive: true });
await writeFile(
  join(import.meta.dirname, "results/fork.json"),
  `${JSON.stringify({ at: new Date().toISOString(), machine, gigabytes: 1, pairs }, null, 1)}\n`,
);
console.log(
  `fork ${median(pairs.map(({ forkMs }) => forkMs))} ms, copy ${median(pairs.map(({ copyMs }) => copyMs))} ms`,
);
