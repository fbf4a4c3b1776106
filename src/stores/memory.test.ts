import { describeStoreContract, type StoreUnderContract } from "./contract.ts";
import { sha256Of } from "./digest.ts";
import { withIdleLimit } from "./idle-limit.ts";

/** The contract itself is tried on the simplest store that can keep it. */
function inMemory(): Promise<StoreUnderContract> {
  const records = new Map<string, string>();
  async function* silence(): AsyncIterable<never> {
    await new Promise<never>(() => undefined);
  }
  return Promise.resolve({
    pageRecords: 10,
    unreachableLimitMs: 1000,
    put: (added) => {
      for (const { id, content } of added) records.set(id, content);
      return Promise.resolve();
    },
    digestOf: sha256Of,
    async *observe() {
      for (const [id, content] of records) yield await Promise.resolve({ id, digest: sha256Of(content) });
    },
    observeUnreachable: () => withIdleLimit(silence(), { idleLimitMs: 50, what: "memory" }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}

describeStoreContract("the store in memory", inMemory);
