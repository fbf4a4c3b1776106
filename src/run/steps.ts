import { messageOf } from "../core/errors.ts";
import { runSteps, type RunStep } from "../core/plan.ts";
import type { RunContext } from "./context.ts";
import { runHooks } from "./hooks.ts";
import { procedureEnvironment, type ProcedureTarget } from "./procedure.ts";

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
  await runHooks(context, id, () => procedureEnvironment(context, hookTarget()));
}
