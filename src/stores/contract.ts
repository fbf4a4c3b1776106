import { describe, expect, test } from "vitest";

/**
 * What every reader of a store must keep, run on each store and on the one in memory: a record that is there is seen once
 * with its content, and a store that cannot be reached is an error and never an empty store.
 */

interface StoredRecord {
  readonly id: string;
  readonly digest: string;
}

export interface StoreUnderContract extends AsyncDisposable {
  /** Records that are read in one page; the contract fills a store up to the edges of a page. */
  readonly pageRecords: number;
  put(records: readonly { readonly id: string; readonly content: string }[]): Promise<void>;
  /** Digest that the reader must give for a content. */
  digestOf(content: string): string;
  observe(): AsyncIterable<StoredRecord>;
  /** Reads from where nothing answers. */
  observeUnreachable(): AsyncIterable<StoredRecord>;
  /** Within this time the attempt must have failed. */
  readonly unreachableLimitMs: number;
}

/** Runs the suite; `open` gives an empty store of its own to each test. */
export function describeStoreContract(name: string, open: () => Promise<StoreUnderContract>): void {
  describe(`${name} keeps the contract of a store`, () => {
    test("an empty store yields nothing", async () => {
      await using store = await open();
      expect(await seenIn(store.observe())).toEqual([]);
    });

    test("every record is seen once, with the digest of its content", async () => {
      await using store = await open();
      await expectAllSeen(store, recordsNamed(["a", "b", "c"]));
    });

    test("nothing is lost or doubled at the edge of a page", async () => {
      for (const surplus of [-1, 0, 1]) {
        await using store = await open();
        const names = Array.from({ length: 2 * store.pageRecords + surplus }, (_, index) => `r${index}`);
        await expectAllSeen(store, recordsNamed(names));
      }
    });

    test("ids and contents beyond ASCII come back as they went in", async () => {
      await using store = await open();
      await expectAllSeen(store, [
        { id: "größe-ß", content: "Überfällig – naïve 東京 🛠️" },
        { id: "эксперт", content: "line one\nline two\u0000end" },
        { id: "empty", content: "" },
      ]);
    });

    test("a store that cannot be reached throws within its limit, and yields nothing", async () => {
      await using store = await open();
      const beganAt = performance.now();
      await expect(seenIn(store.observeUnreachable())).rejects.toThrow();
      expect(performance.now() - beganAt).toBeLessThan(store.unreachableLimitMs);
    });
  });
}

function recordsNamed(names: readonly string[]): { id: string; content: string }[] {
  return names.map((id) => ({ id, content: `content of ${id}` }));
}

async function expectAllSeen(
  store: StoreUnderContract,
  records: readonly { readonly id: string; readonly content: string }[],
): Promise<void> {
  await store.put(records);
  const expected = records.map(({ id, content }) => ({ id, digest: store.digestOf(content) }));
  const byId = (left: StoredRecord, right: StoredRecord) => (left.id < right.id ? -1 : 1);
  expect((await seenIn(store.observe())).toSorted(byId)).toEqual(expected.toSorted(byId));
}

async function seenIn(records: AsyncIterable<StoredRecord>): Promise<StoredRecord[]> {
  const seen: StoredRecord[] = [];
  for await (const { id, digest } of records) seen.push({ id, digest });
  return seen;
}
