import { exitStatus } from "../core/errors.ts";
import { runSteps, type Plan } from "../core/plan.ts";
import type { Project } from "../run/project.ts";
import { prepareDrill, type PlanOptions } from "./prepare.ts";

/** Shows what a run would do. */
export async function planCommand(
  project: Project,
  drillId: string,
  options: PlanOptions & { readonly json?: boolean },
): Promise<number> {
  const { plan } = await prepareDrill(project, drillId, options);
  process.stdout.write(options.json === true ? `${JSON.stringify(plan, null, 2)}\n` : renderPlan(plan));
  return exitStatus.verified;
}

function renderPlan(plan: Plan): string {
  const hooksAfter = (after: string) =>
    plan.hooks
      .filter((hook) => hook.after === after)
      .map(({ command }) => `      then from outside: ${command.trim().split("\n").join("\n        ")}`);
  const blocksOf = (part: string) =>
    plan.runbook.blocks
      .filter((block) => block.part === part)
      .flatMap(({ id, components }) => [
        `      ${id} (${components.join(", ")})`,
        ...hooksAfter(`${part}/${id}`),
      ]);
  const below: Readonly<Record<string, readonly string[]>> = {
    backup: blocksOf("backup"),
    restore: blocksOf("restore"),
    controls: plan.controls.map(
      ({ fault, sealed }) => `      ${fault}${sealed ? ", before the set is sealed" : ""}`,
    ),
  };
  const { expect } = plan.drill;
  const expectation =
    expect === undefined
      ? ""
      : `  expected to end ${expect.result}${expect.invariants.length === 0 ? "" : `, with findings by ${expect.invariants.join(", ")}`}\n`;
  const steps = runSteps.flatMap(([id, title], index) => [
    `${String(index + 1).padStart(4)}. ${id}: ${title}`,
    ...(below[id] ?? []),
    ...hooksAfter(id),
  ]);
  return `${plan.drillId}: ${plan.drill.title}\n  runbook ${plan.runbook.file} (${plan.runbook.mode}, ${plan.runbook.variant}), seed ${plan.seed}, scale ${plan.scale}\n${expectation}${steps.join("\n")}\n`;
}
