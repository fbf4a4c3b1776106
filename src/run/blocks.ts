import { $ } from "zx";

/** Bytes of a block's output that are kept: the end, where the reason of a failure stands. */
const outputLimit = 8000;

export interface BlockResult {
  readonly exitCode: number;
  readonly output: string;
}

/** The end of what a block said, short enough for a finding. */
export function lastLines(output: string): string {
  return output.trim().split("\n").slice(-6).join("\n").slice(-800);
}

/**
 * Runs one block of a runbook, or a hook, with bash as an operator's shell would. The exit status is recorded, never
 * trusted: the state is looked at through a second path.
 */
export async function runScript(options: {
  readonly script: string;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Removes secrets, before anything is cut off: half a secret would no longer be known as one. */
  readonly redact: (text: string) => string;
}): Promise<BlockResult> {
  const shell = $({
    cwd: options.cwd,
    env: { ...process.env, ...options.environment },
    nothrow: true,
    quiet: true,
    timeout: options.timeoutMs,
    signal: options.signal,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const result = await shell`bash -euo pipefail -c ${options.script}`;
  const output = options.redact(result.stdall).slice(-outputLimit);
  if (result.exitCode !== null) return { exitCode: result.exitCode, output };
  return {
    exitCode: 124,
    output: `${output}\nended by ${result.signal ?? "a signal"} after at most ${options.timeoutMs} ms`,
  };
}
