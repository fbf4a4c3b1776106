/** Seeded randomness: one seed gives the same records, ids and fault positions on every machine. */

export interface Random {
  /** A whole number from 0 up to, not including, `limit`. */
  whole(limit: number): number;
  pick<Item>(items: readonly Item[]): Item;
  /** A generator of its own, so that adding a draw in one place does not move every other. */
  fork(label: string): Random;
}

function hashLabel(label: string): number {
  let hash = 2166136261;
  for (const character of label) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619);
  }
  return hash >>> 0;
}

/** The generator known as mulberry32: 32 bits of state, good enough to spread test data. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }
  return {
    whole: (limit) => Math.floor(next() * limit),
    pick(items) {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new RangeError("cannot pick from an empty list");
      return item;
    },
    fork: (label) => seededRandom((seed ^ hashLabel(label)) >>> 0),
  };
}
