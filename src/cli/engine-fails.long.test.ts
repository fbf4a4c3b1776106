import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { docker } from "../stack/docker-client.ts";
import { runLabel } from "../stack/labels.ts";
import { sweepLeftovers } from "../stack/sweep.ts";
import { runMuster } from "./muster-process.ts";

/** The engine, or a container on it, ends in the middle of a run; on the lightest stack that has one. */

const drill = "cloudify/scheduled";
const shownSchema = z.object({ runId: z.string(), result: z.string(), because: z.string() });
const engineSocket = "/var/run/docker.sock";
const pollMs = 100;

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "muster-engine-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Containers that a run left on the engine. */
async function leftOf(runId: string): Promise<number> {
  const containers = await docker.listContainers({ all: true, filters: { label: [`${runLabel}=${runId}`] } });
  return containers.length;
}

async function run(hook: string, environment: Readonly<Record<string, string>> = {}) {
  const reports = await mkdtemp(join(folder, "reports-"));
  const words = [
    "run",
    drill,
    "--controls",
    "none",
    "--report",
    reports,
    "--json",
    "--quiet",
    "--hook",
    hook,
  ];
  const result = await runMuster(words, {
    environment,
  });
  return { status: result.status, log: result.log, ...shownSchema.parse(JSON.parse(result.output)) };
}

/** What a client that speaks to `socket` is told until `close`: the engine's own words, and then nothing. */
async function engineBehind(socket: string): Promise<{ close(): void }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (client) => {
    const engine = connect({ path: engineSocket, allowHalfOpen: true });
    for (const one of [client, engine]) {
      sockets.add(one);
      one.on("error", () => one.destroy());
      one.on("close", () => sockets.delete(one));
    }
    client.pipe(engine).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    close: () => {
      server.close();
      for (const one of sockets) one.destroy();
    },
  };
}

test("an engine that is gone after the backup: the clean-up says that it failed, and the next run ends what was left", async () => {
  const socket = join(folder, "engine.sock");
  const asked = join(folder, "asked");
  const engine = await engineBehind(socket);
  const running = run(`after:backup=touch ${asked}; while [ -e ${socket} ]; do sleep 0.1; done`, {
    DOCKER_HOST: `unix://${socket}`,
  });
  while (!existsSync(asked)) await sleep(pollMs);
  engine.close();
  const { status, log, result, because, runId } = await running;
  expect({ status, result }).toEqual({ status: 4, result: "inconclusive" });
  expect(log).toContain("clean-up failed");
  expect(because).toContain("the harness could not go on: connect");
  expect(await leftOf(runId)).toBeGreaterThan(0);
  await sweepLeftovers({ everything: false }); // As every run does before it starts.
  expect(await leftOf(runId)).toBe(0);
}, 600_000);

/** The kernel is told to take the container's own processes first, and then something else in it wants more than there is. */
const endForMemory = `
  container="$COMPOSE_PROJECT_NAME-manager-1"
  docker update --memory 200m --memory-swap 200m "$container"
  docker exec -u 0 "$container" sh -c 'for one in /proc/[0-9]*; do [ "$one" = /proc/$$ ] || echo 1000 > "$one/oom_score_adj"; done; head -c 400m /dev/zero | tail' || true
  test "$(docker wait "$container")" = 137; test "$(docker inspect -f "{{.State.OOMKilled}}" "$container")" = true`;

test("a container that is ended for its memory: what was left of the run is removed, the block that met it is named", async () => {
  const { status, result, because, runId } = await run(`after:baseline=${endForMemory}`);
  expect({ status, result }).toEqual({ status: 1, result: "not-verified" });
  expect(because).toContain("block connect-client of Back up ended with 1");
  expect(await leftOf(runId)).toBe(0);
}, 600_000);
