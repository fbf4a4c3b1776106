import { mkdir } from "node:fs/promises";
import { MusterError } from "../core/errors.ts";
import { lastLines, runScript } from "./blocks.ts";
import type { RunContext } from "./context.ts";

/** A real copy with owners, modes and times: damage must never reach the set itself, not even through a hard link. */
export async function copySet(from: string, into: string, context: RunContext): Promise<void> {
  await mkdir(into, { recursive: true, mode: 0o700 });
  const { exitCode, output } = await runScript({
    script: 'cp -a "$FROM/." "$INTO/"',
    cwd: into,
    environment: { FROM: from, INTO: into },
    timeoutMs: 600_000,
    signal: context.signal,
    redact: (text) => context.secrets.redact(text),
  });
  if (exitCode !== 0)
    throw new MusterError("HARNESS", {
      message: `copying the set ended with ${exitCode}: ${lastLines(output)}`,
    });
}
