import { setTimeout as sleep } from "node:timers/promises";
import type { StackSpec } from "../core/stack.ts";

/** Time that one step is repeated for. */
const stepLimitMs = 60_000;
const pauseMs = 1000;

/** Steps of a first installation, on stores that run. No restore comes here: what it leaves out stays out. */
export async function installOnce(
  {
    installation = [],
    storeServices,
  }: Pick<Extract<StackSpec, { kind: "compose" }>, "installation" | "storeServices">,
  start: (services: readonly string[]) => Promise<void>,
  compose: (words: readonly string[]) => Promise<void>,
): Promise<void> {
  if (installation.length === 0) return;
  await start(storeServices);
  for (const words of installation) await untilItEndsWell(() => compose(words));
}

/** A server that was just made may not let anybody in yet. @throws what was thrown last, once the limit is over. */
async function untilItEndsWell(step: () => Promise<void>): Promise<void> {
  const beganAt = performance.now();
  for (;;) {
    try {
      return await step();
    } catch (thrown) {
      if (performance.now() - beganAt > stepLimitMs) throw thrown;
      await sleep(pauseMs);
    }
  }
}
