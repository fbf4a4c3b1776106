import type { RunContext } from "./context.ts";
import { saveSteps } from "./gate.ts";

/** An order without the step that starts the application ends with one that does not answer. */
export async function neverStarted(
  context: Pick<RunContext, "clock" | "runbook" | "secrets">,
  tablesFolder: string,
): Promise<{ readonly ended: "observed"; readonly gates: []; readonly why: string }> {
  const at = context.clock.nowMs();
  const why = "no step started the application";
  const last = context.runbook.blocks.length + 1;
  await saveSteps(context, tablesFolder, "never-started", [
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
  return { ended: "observed", gates: [], why };
}
