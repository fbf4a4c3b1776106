import { hostname } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { docker, isNotFound } from "./docker-client.ts";
import { probeNetwork } from "./isolation.ts";
import { labelsOf, ownerOf, runLabel, type RunLabels } from "./labels.ts";
import { sweepLeftovers } from "./sweep.ts";

/** What stands beside a run on the same engine: look-alikes that nobody may touch, and one thing that a killed run left. */

const prefix = `muster-neighbour-${process.pid}`;
const gone = `${hostname()}:999999:1`;
const lookAlikes: Readonly<Record<string, RunLabels>> = {
  unlabelled: {},
  "named-like-a-run": { "com.docker.compose.project": "muster-tutorial-abc" },
  "labelled-by-others": { "io.muster.runner": "1", "io.musterer.run": "1" },
  "owner-without-run": { "io.muster.owner": gone },
  "run-at-work": labelsOf("muster-neighbour", "/nowhere"),
  "run-of-another-machine": { [runLabel]: "other", "io.muster.owner": "another-machine:1:1" },
};
const leftBehind = { [runLabel]: "killed", "io.muster.owner": gone };
let image = "";

beforeAll(async () => {
  const images = await docker.listImages({ filters: { reference: ["localhost/muster/debian-trixie"] } });
  image = images[0]?.RepoTags?.[0] ?? "";
  if (image === "")
    throw new Error("expected image localhost/muster/debian-trixie, found none; type ./muster setup");
});
afterAll(async () => {
  for (const name of [...Object.keys(lookAlikes), "left-behind"]) await remove(name);
});

async function make(name: string, labels: RunLabels): Promise<void> {
  const id = `${prefix}-${name}`;
  await docker.createVolume({ Name: id, Labels: { ...labels } });
  await docker.createNetwork({ Name: id, Labels: { ...labels } });
  const container = await docker.createContainer({
    name: id,
    Image: image,
    Entrypoint: ["sleep", "600"],
    Labels: { ...labels },
    HostConfig: { NetworkMode: id, Binds: [`${id}:/data`] },
  });
  await container.start();
}

async function remove(name: string): Promise<void> {
  const id = `${prefix}-${name}`;
  for (const removal of [
    () => docker.getContainer(id).remove({ force: true }),
    () => docker.getVolume(id).remove(),
    () => docker.getNetwork(id).remove(),
  ])
    await removal().catch((thrown: unknown) => {
      if (!isNotFound(thrown)) throw thrown;
    });
}

/** Everything of this test that the engine lists, running or not. */
async function listed(): Promise<string[]> {
  const filters = { name: [prefix] };
  const containers = await docker.listContainers({ all: true, filters });
  const volumes = (await docker.listVolumes({ filters })).Volumes ?? [];
  const networks = await docker.listNetworks({ filters });
  return [
    ...containers.map(({ Names, State }) => `container ${Names[0]?.slice(1)} ${State}`),
    ...volumes.map(({ Name }) => `volume ${Name}`),
    ...networks.map(({ Name }) => `network ${Name}`),
  ].toSorted();
}

test("only what a run that is over has labelled is removed; look-alikes stay as they were", async () => {
  for (const [name, labels] of Object.entries(lookAlikes)) await make(name, labels);
  const before = await listed();
  expect(before).toHaveLength(3 * Object.keys(lookAlikes).length);
  await make("left-behind", leftBehind);
  const removed = (await sweepLeftovers({ everything: false })).filter((line) => line.includes(prefix));
  expect(removed.toSorted()).toEqual(
    ["container", "network", "volume"].map((kind) => `${kind} ${prefix}-left-behind`),
  );
  expect(await listed()).toEqual(before);
});

describe("the probe of a drill's network", () => {
  async function probe(name: string, masquerade: boolean) {
    const project = `${prefix}-${name}`;
    const labels = { "com.docker.compose.project": project, "io.muster.owner": ownerOf(process.pid) };
    const network = await docker.createNetwork({
      Name: project,
      Labels: labels,
      Options: { "com.docker.network.bridge.enable_ip_masquerade": String(masquerade) },
    });
    const container = await docker.createContainer({
      name: project,
      Image: image,
      Entrypoint: ["sleep", "600"],
      Labels: labels,
      HostConfig: { NetworkMode: project },
    });
    try {
      await container.start();
      return await probeNetwork(project);
    } finally {
      await container.remove({ force: true });
      await network.remove();
    }
  }

  test("a network without masquerading has no way out", async () => {
    const { isolated, detail } = await probe("closed", false);
    expect({ isolated, detail }).toEqual({ isolated: true, detail: expect.not.stringContaining("REACHED") });
  });

  test("a network with a way out is told, so that a drill on it does not start", async () => {
    const { isolated, detail } = await probe("open", true);
    expect({ isolated, detail }).toEqual({
      isolated: false,
      detail: expect.stringContaining("masquerading is on"),
    });
  });
});
