import { MusterError } from "../core/errors.ts";
import { lastLines, runScript } from "./blocks.ts";
import type { RunContext } from "./context.ts";

/**
 * A hook is a deliberate intervention from outside: it is journalled with what it said.
 * @param after a step of the run, or `<part>/<block>`
 * @throws MusterError HARNESS where its command fails
 */
export async function runHooks(
  context: RunContext,
  after: string,
  environmentOf: () => Promise<Readonly<Record<string, string>>>,
): Promise<void> {
  for (const hook of context.plan.hooks.filter((candidate) => candidate.after === after)) {
    const { exitCode, output } = await runScript({
      script: hook.command,
      cwd: context.runFolder,
      environment: await environmentOf(),
      timeoutMs: 600_000,
      signal: context.signal,
      redact: (text) => context.secrets.redact(text),
    });
    const { command } = hook;
    context.journal.append({
      at: context.clock.nowMs(),
      entry: "intervention",
      after,
      command,
      exitCode,
      output,
    });
    if (exitCode !== 0) {
      throw new MusterError("HARNESS", {
        message: `hook after:${after} ended with ${exitCode}: ${lastLines(output)}`,
        hint: "the hook runs with bash -euo pipefail",
      });
    }
  }
}
