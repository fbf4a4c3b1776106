import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
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
