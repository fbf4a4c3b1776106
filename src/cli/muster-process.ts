import { spawn } from "node:child_process";
import { join } from "node:path";
import { packageFolder } from "../run/project.ts";

export interface MusterResult {
  readonly status: number;
  readonly output: string;
  readonly log: string;
}

/** For tests: the command line as a user types it, in a process of its own. */
export function runMuster(
  words: readonly string[],
  options: {
    readonly cwd?: string;
    readonly environment?: Readonly<Record<string, string>>;
    readonly killAfterLog?: string;
  } = {},
): Promise<MusterResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(packageFolder, "muster"), [...words], {
      cwd: options.cwd ?? packageFolder,
      env: { ...process.env, ...options.environment },
    });
    let output = "";
    let log = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => {
      log += chunk.toString();
      if (options.killAfterLog !== undefined && log.includes(options.killAfterLog)) child.kill("SIGKILL");
    });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status: status ?? -1, output, log }));
  });
}
