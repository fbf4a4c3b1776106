import { readFileSync } from "node:fs";

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
