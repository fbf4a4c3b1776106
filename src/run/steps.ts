import { MusterError, messageOf } from "../core/errors.ts";
import { runSteps, type RunStep } from "../core/plan.ts";
import { runScript } from "./blocks.ts";
import type { RunContext } from "./context.ts";
import { lastLines, procedureEnvironment, type ProcedureTarget } from "./procedure.ts";

/** Runs one step: progress, journal, and afterwards the hooks that were asked for. */
export async function runStep(
  context: RunContext,
  id: RunStep,
  work: () => Promise<string>,
  hookTarget: () => ProcedureTarget,
): Promise<void> {
  const { journal, clock, progress, signal, secrets } = context;
  signal.throwIfAborted();
  const beganAt = clock.nowMs();
  progress.stepBegan(id, runSteps.find(([step]) => step === id)?.[1] ?? id);
  journal.append({ at: beganAt, entry: "step-began", step: id });
  const end = (outcome: "done" | "failed", message: string) => {
    const endedAt = clock.nowMs();
    const durationMs = endedAt - beganAt;
    journal.append({ at: endedAt, entry: "step-ended", step: id, outcome, durationMs, message });
    progress.stepEnded(outcome, durationMs, message);
  };
  try {
    end("done", secrets.redact(await work()));
  } catch (thrown) {
    end("failed", secrets.redact(messageOf(thrown)));
    throw thrown;
  }
  await runHooks(context, id, hookTarget);
}

/** A hook is a deliberate intervention from outside: it is journalled with what it said. */
async function runHooks(context: RunContext, after: RunStep, target: () => ProcedureTarget): Promise<void> {
  for (const hook of context.plan.hooks.filter((candidate) => candidate.after === after)) {
    const { exitCode, output } = await runScript({
      script: hook.command,
      cwd: context.runFolder,
      environment: await procedureEnvironment(context, target()),
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
