import { defineFault, provedByWriting, type Fault } from "./fault.ts";
import type { Runbook, RunbookBlock } from "./runbook.ts";

/**
 * Every order of a restore that a tired operator may do: two neighbouring steps swapped, or one step left out. Nobody says
 * beforehand whether it does harm; the run shows it.
 */
export function orderFaults({ blocks }: Pick<Runbook, "blocks">): readonly Fault[] {
  const steps = blocks.filter(({ part }) => part === "restore");
  const swaps = steps.slice(1).map((second, index) => {
    const first = steps[index] ?? second;
    return orderFault({
      id: `swap-${first.id}-and-${second.id}`,
      title: `Step ${second.id} is done before ${first.id}`,
      reorder: (given) => swapped(given, first.id, second.id),
    });
  });
  const omissions = steps.map(({ id }) =>
    orderFault({
      id: `omit-${id}`,
      title: `Step ${id} is left out`,
      reorder: (given) => given.filter((block) => block.id !== id),
    }),
  );
  return [...swaps, ...omissions];
}

function orderFault(parts: Pick<Fault, "id" | "title"> & Required<Pick<Fault, "reorder">>): Fault {
  return defineFault({
    ...parts,
    source: "an order of steps that the document does not give",
    // Named so that it is tried: nobody knows whether an order does harm, and harmless is only what takes new writes too.
    caughtBy: [provedByWriting],
    target: { components: [] },
    expected: "either",
    fits: () => true,
  });
}

function swapped(blocks: readonly RunbookBlock[], first: string, second: string): readonly RunbookBlock[] {
  const found = (id: string) => blocks.find((block) => block.id === id);
  return blocks.map((block) => {
    if (block.id === first) return found(second) ?? block;
    return block.id === second ? (found(first) ?? block) : block;
  });
}
