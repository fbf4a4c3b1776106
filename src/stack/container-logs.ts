import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { containersOf, docker } from "./docker-client.ts";

/** Lines kept of one container's log: the end of a long log says more than its beginning. */
const logLines = 5000;

/** Writes `<container>.log` for every container of a project, stopped ones too. */
export async function writeContainerLogs(projectName: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { Id, Names } of await containersOf(projectName)) {
    const raw = await docker
      .getContainer(Id)
      .logs({ stdout: true, stderr: true, timestamps: true, tail: logLines, follow: false });
    await writeFile(join(folder, `${(Names[0] ?? Id).slice(1)}.log`), withoutFrames(raw));
  }
}

const againMs = 5_000;

/**
 * Keeps the newest logs in `folder` while something starts: containers that do not become healthy are removed by testcontainers
 * before anybody could look at them. What started well needs no copy.
 */
export async function withLogsOfStart(
  { projectName, folder }: { readonly projectName: string; readonly folder: string },
  start: () => Promise<unknown>,
): Promise<void> {
  const started = new AbortController();
  const copying = copyAgainAndAgain(projectName, folder, started.signal);
  try {
    await start();
  } finally {
    started.abort();
    await copying;
  }
  await rm(folder, { recursive: true, force: true });
}

async function copyAgainAndAgain(projectName: string, folder: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    await sleep(againMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    // A container may go while its log is read; the copy of before stays.
    await writeContainerLogs(projectName, folder).catch(() => undefined);
  }
}

/** The engine multiplexes both streams: each frame has eight bytes of head, the last four its length. */
function withoutFrames(raw: Buffer): Buffer {
  const parts: Buffer[] = [];
  let offset = 0;
  while (offset + 8 <= raw.length) {
    if ((raw[offset] ?? 255) > 2) return raw; // A container with a terminal has no frames.
    const end = offset + 8 + raw.readUInt32BE(offset + 4);
    parts.push(raw.subarray(offset + 8, end));
    offset = end;
  }
  return Buffer.concat(parts);
}
