import { defineFault, hasStore } from "../core/fault.ts";
import type { RunbookBlock } from "../core/runbook.ts";

/** The steps with one of them moved before another; unchanged where one of the two is not there. */
export function moveBefore(
  blocks: readonly RunbookBlock[],
  id: string,
  other: string,
): readonly RunbookBlock[] {
  const moved = blocks.find((block) => block.id === id);
  const at = blocks.findIndex((block) => block.id === other);
  if (moved === undefined || at < 0) return blocks;
  return [...blocks.slice(0, at), moved, ...blocks.slice(at)].filter(
    (block, index) => block !== moved || index === at,
  );
}

/** Applications come up on restored indices and a broker that is not restored yet: its folder is filled before the tool runs. */
export default defineFault({
  id: "applications-started-too-early",
  title: "Everything is started before the broker is restored",
  source: "camunda F10, and the overview page: web applications before Zeebe crash in loops",
  caughtBy: [],
  target: { components: [] },
  expected: "either",
  fits: hasStore("zeebe"),
  reorder: (blocks) => moveBefore(blocks, "start-applications", "restore-broker"),
});
