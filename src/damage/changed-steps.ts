import type { RunbookBlock } from "../core/runbook.ts";

/** Steps of a runbook with another script, in their places: something else happens before, beside or after what they do. */

/** @param change new script from the old one; unchanged where no step has that id */
export function changeStep(
  blocks: readonly RunbookBlock[],
  id: string,
  change: (script: string) => string,
): readonly RunbookBlock[] {
  return blocks.map((block) => (block.id === id ? { ...block, script: change(block.script) } : block));
}

/** The step as it is, and the damage after it: also where the step ends itself early. */
export function damageAfter(
  blocks: readonly RunbookBlock[],
  id: string,
  damage: string,
): readonly RunbookBlock[] {
  return changeStep(blocks, id, (script) => `${inOwnShell(script)}\n${damage.trim()}\n`);
}

/** Names of the step that starts the application, in the procedures that there are. */
const startSteps = ["start-application", "start-services"];

/** The step that starts the application with another script, whatever the procedure calls it. */
export function changeStart(
  blocks: readonly RunbookBlock[],
  change: (script: string) => string,
): readonly RunbookBlock[] {
  return startSteps.reduce((changed, id) => changeStep(changed, id, change), blocks);
}

/** The step in a shell of its own, so that one that ends itself early does not end what stands beside it or comes after. */
export function inOwnShell(script: string): string {
  return `(\n${script}\n)`;
}
