import { z } from "zod";
import type { Address } from "./manager-client.ts";

/** What workflows did to the world outside: a ledger that no snapshot covers. */

const effectSchema = z.object({
  n: z.int(),
  execution_id: z.string(),
  workflow_id: z.string(),
  tenant: z.string(),
  parameters: z.record(z.string(), z.unknown()).nullable(),
  attempt: z.int(),
  host: z.string(),
  received_at: z.iso.datetime(),
});
export type Effect = z.infer<typeof effectSchema>;

const answerSchema = z.object({ items: z.array(effectSchema) });
const answerLimitMs = 10_000;

/** Effects after number `after`, in order; waits up to `waitMs` for the first. */
export async function effectsAfter(address: Address, after: number, waitMs = 0): Promise<Effect[]> {
  const { host, port } = await address();
  const response = await fetch(`http://${host}:${port}/effects?after=${after}&wait_ms=${waitMs}`, {
    signal: AbortSignal.timeout(answerLimitMs + waitMs),
  });
  if (!response.ok) throw new Error(`the ledger of effects answered ${response.status}`);
  return answerSchema.parse(await response.json()).items;
}
