import type { RunContext } from "./context.ts";
import { saveSteps } from "./gate.ts";

/** A control whose application does not answer: a row of its own, as in the run itself, so that it is judged. @returns why. */
export async function neverAnswered(
  context: Pick<RunContext, "clock" | "runbook" | "secrets">,
  tablesFolder: string,
  why: string,
): Promise<string> {
  const at = context.clock.nowMs();
  const last = context.runbook.blocks.length + 1;
  await saveSteps(context, tablesFolder, "never-answered", [
    {
      phase: "restore",
      id: "application-answers",
      component: "api",
      planned: last,
      position: last,
      began_at: at,
      ended_at: at,
      exit_code: 1,
      message: why,
    },
  ]);
  return why;
}
