import { parseRunbook, type RunbookBlock } from "../core/runbook.ts";

/**
 * A runbook whose Restore is killed after its first `done` steps and started again from the top: the steps of the first
 * attempt become one block before the others. Everything else stays as it is in the document.
 */
export function interruptRestore(text: string, file: string, done: number): { text: string; after: string } {
  const restore = parseRunbook(text, file).blocks.filter(({ part }) => part === "restore");
  const attempted = restore.slice(0, done);
  const first = restore[0];
  const last = attempted.at(-1);
  if (first === undefined || last === undefined) throw new Error(`${file}: has no ${done} steps of Restore`);
  const head = new RegExp(`^\`\`\`sh (?=.*\\bid=${first.id}\\b)`, "m");
  const timeout = Math.ceil(attempted.reduce((sum, { timeoutMs }) => sum + timeoutMs, 0) / 1000);
  const block = `\`\`\`sh id=first-attempt component=set timeout=${timeout}\n${attempted.map(scriptOf).join("\n")}\n\`\`\`\n\n`;
  return { text: text.replace(head, (found) => `${block}${found}`), after: last.id };
}

/** Each in a shell of its own, as Muster runs it. */
function scriptOf({ id, script }: RunbookBlock): string {
  const end = `END_OF_${id.toUpperCase().replaceAll("-", "_")}`;
  return `bash -euo pipefail <<'${end}'\n${script}\n${end}`;
}
