import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const endingRounds = 50;
const endingPauseMs = 20;

/** What /proc says of a process; undefined where it is gone, or has ended and waits to be reaped. */
export function startTimeOf(pid: number): string | undefined {
  try {
    // The second field may hold spaces, so count from its closing bracket: field 3 is the state, field 22 the start time.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined; // No such process, or no /proc.
  }
}

export function isAlive(pid: number): boolean {
  return startTimeOf(pid) !== undefined;
}

/** Processes that work in a folder, or were started by a block that was given a set in it. */
function processesOf(folder: string): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.map(Number).filter((pid) => {
    try {
      if (readlinkSync(`/proc/${pid}/cwd`).startsWith(`${folder}/`)) return isAlive(pid);
      const variables = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
      return variables.some((variable) => variable.startsWith(`BACKUP_DIR=${folder}/`)) && isAlive(pid);
    } catch {
      return false; // Gone meanwhile, or somebody else's.
    }
  });
}

/** Ends what a run left at work in its private folder: a block that outlived the run, a server that nobody stopped. */
export async function endProcessesOf(folder: string): Promise<void> {
  // A process that is ended may just have started another, so it is looked again until none is left.
  for (let rounds = 0; rounds < endingRounds; rounds += 1) {
    const pids = processesOf(folder);
    if (pids.length === 0) return;
    for (const pid of pids) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended by itself.
      }
    }
    await sleep(endingPauseMs);
  }
}
