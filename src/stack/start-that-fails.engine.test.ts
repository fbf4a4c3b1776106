import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ComposeStack } from "./compose-stack.ts";
import { docker } from "./docker-client.ts";
import { labelsOf } from "./labels.ts";

/** What never becomes healthy is removed with its container; what it said must stay. */

const projectName = `muster-start-${process.pid}`;
const reason = "the disk is full, says the server";
let folder = "";
let image = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "muster-start-"));
  const images = await docker.listImages({ filters: { reference: ["localhost/muster/debian-trixie"] } });
  image = images[0]?.RepoTags?.[0] ?? "";
  if (image === "")
    throw new Error("expected image localhost/muster/debian-trixie, found none; type ./muster setup");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("the logs of a stack that does not become healthy are kept", async () => {
  const compose = {
    services: {
      server: {
        image,
        command: ["sh", "-c", `echo "${reason}"; sleep 600`],
        healthcheck: { test: "false", interval: "2s", timeout: "1s", retries: 6 },
      },
    },
  };
  await writeFile(join(folder, "compose.yaml"), JSON.stringify(compose));
  const workFolder = join(folder, "work");
  await mkdir(workFolder);
  const stack = await ComposeStack.create({
    spec: { kind: "compose", composeFile: "compose.yaml", images: {}, storeServices: [] },
    projectFolder: folder,
    projectName,
    workFolder,
    deployment: [],
    labels: labelsOf(projectName, workFolder),
    startLimitMs: 60_000,
  });
  try {
    await expect(stack.up()).rejects.toThrow("did not become healthy");
    const logs = join(folder, "logs");
    await stack.collectLogs(logs);
    const names = await readdir(logs);
    expect(names).toEqual([`${projectName}-server-1.log`]);
    expect(await readFile(join(logs, names[0] ?? ""), "utf8")).toContain(reason);
  } finally {
    await stack.down();
  }
});
