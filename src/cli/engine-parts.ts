import { createInterface } from "node:readline/promises";
import type { System } from "../core/system.ts";
import { ensureEngine, findEngine } from "../stack/engine.ts";
import { resolveImages } from "../stack/images.ts";
import { sweepLeftovers } from "../stack/sweep.ts";

/** Engine, leftovers and images, for a system that needs them. @returns the image behind each variable. */
export async function prepareStackParts(
  system: System,
  options: {
    readonly projectFolder: string;
    readonly installEngine: boolean;
    readonly log: (line: string) => void;
  },
): Promise<ReadonlyMap<string, string>> {
  if (system.stack.kind === "directory") return new Map();
  await ensureEngine({ install: options.installEngine || (await saysYes()), log: options.log });
  for (const line of await sweepLeftovers({ everything: false }))
    options.log(`swept ${line}, left by a killed run`);
  const resolved = await resolveImages(system.stack.images, options);
  return new Map([...resolved].map(([variable, { image }]) => [variable, image]));
}

/** On a terminal, a missing engine is asked about; elsewhere silence is a no. */
export async function saysYes(): Promise<boolean> {
  if (!process.stdin.isTTY || (await findEngine()).answers) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(
    "No container engine answers. Install and start one from Debian's packages? [y/N] ",
  );
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
