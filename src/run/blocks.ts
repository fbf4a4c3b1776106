import { $ } from "zx";
import type { RunbookBlock } from "../core/runbook.ts";

/** Bytes of a block's output that are kept: the end, where the reason of a failure stands. */
const outputLimit = 8000;

export interface BlockResult {
  readonly exitCode: number;
  readonly output: string;
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
  const output = result.stdall.slice(-outputLimit);
  if (result.exitCode !== null) return { exitCode: result.exitCode, output };
  return {
    exitCode: 124,
    output: `${output}\nended by ${result.signal ?? "a signal"} after at most ${options.timeoutMs} ms`,
  };
}

/** Runs blocks in order and stops at the first that fails. */
export async function runBlocks(
  blocks: readonly RunbookBlock[],
  runOne: (block: RunbookBlock) => Promise<BlockResult>,
): Promise<{ readonly failed: RunbookBlock | undefined; readonly result: BlockResult | undefined }> {
  for (const block of blocks) {
    const result = await runOne(block);
    if (result.exitCode !== 0) return { failed: block, result };
  }
  return { failed: undefined, result: undefined };
}
