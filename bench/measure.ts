import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";

/** One run of a command, as GNU time measures it: the command and whatever it waited for. */
export interface Measurement {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly residentMegabytes: number;
  readonly exitCode: number;
  /** Load of the machine over the last minute, when the command began. */
  readonly load: number;
}

export async function measure(
  command: readonly string[],
  options: { readonly cwd: string; readonly environment?: Readonly<Record<string, string>> },
): Promise<Measurement> {
  const folder = await mkdtemp(join(tmpdir(), "muster-bench-"));
  const file = join(folder, "time");
  const load = loadavg()[0] ?? 0;
  const child = spawn("/usr/bin/time", ["-q", "-f", "%e %U %S %M", "-o", file, ...command], {
    cwd: options.cwd,
    env: { ...process.env, ...options.environment },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve(code ?? -1));
  });
  const [seconds = NaN, user = NaN, system = NaN, kilobytes = NaN] = (await readFile(file, "utf8"))
    .trim()
    .split(" ")
    .map(Number);
  await rm(folder, { recursive: true });
  return {
    seconds,
    cpuSeconds: Number((user + system).toFixed(2)),
    residentMegabytes: Math.round(kilobytes / 1000),
    exitCode,
    load: Number(load.toFixed(1)),
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

export const machine = {
  processors: cpus().length,
  model: cpus()[0]?.model ?? "unknown",
  memoryGigabytes: Math.round(totalmem() / 1e9),
  node: process.version,
};
