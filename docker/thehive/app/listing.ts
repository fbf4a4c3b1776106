import { ApiError } from "./http.ts";
import { asText } from "./json.ts";

/** A condition on one field: the whole value, a word of a text, or the beginning of a word. */
export interface Filter {
  readonly field: string;
  readonly kind: "equal" | "word" | "prefix";
  readonly value: string | number;
}

export interface Listing {
  readonly label: string;
  /** Keyset paging: entities with a vertex id above this one. */
  readonly after: bigint;
  readonly from: number;
  /** Undefined for all there are, up to the most that one answer holds. */
  readonly to: number | undefined;
  readonly filters: readonly Filter[];
  /** Undefined for the order of ids. */
  readonly order: { readonly field: string; readonly descending: boolean } | undefined;
}

/** Most entities in one answer. */
export const mostInOneAnswer = 5_000;
const idsLiveMs = 60_000;

/**
 * Ids of a label, kept between the pages of a walk, so that a walk over many pages does not read all ids for each.
 * Only a page that is not the first takes them; what this process adds meanwhile is added here too, and what it removes
 * is left out when the page is read.
 */
export class KnownIds {
  readonly #byLabel = new Map<string, { ids: bigint[]; readonly readAtMs: number }>();

  find(label: string, nowMs: number): readonly bigint[] | undefined {
    const known = this.#byLabel.get(label);
    return known !== undefined && nowMs - known.readAtMs < idsLiveMs ? known.ids : undefined;
  }

  keep(label: string, ids: readonly bigint[], nowMs: number): void {
    this.#byLabel.set(label, { ids: [...ids], readAtMs: nowMs });
  }

  add(label: string, id: bigint): void {
    const known = this.#byLabel.get(label);
    if (known === undefined) return;
    const position = positionAfter(known.ids, id);
    // The list may have been read after the row was committed and before this call.
    if (known.ids[position - 1] !== id) known.ids.splice(position, 0, id);
  }
}

/** How many of the sorted ids are not above this one. */
export function positionAfter(ids: readonly bigint[], id: bigint): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ids[middle] ?? 0n) <= id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Ids in ascending order. */
export function sortIds(ids: readonly string[]): bigint[] {
  return ids.map((id) => BigInt(id)).toSorted((left, right) => (left < right ? -1 : left > right ? 1 : 0));
}

/** The ids of one page. @throws ApiError 400 where the answer would be too large. */
export function pageOf(
  ids: readonly bigint[],
  { from, to }: Pick<Listing, "from" | "to">,
): readonly bigint[] {
  const end = Math.min(to ?? ids.length, ids.length);
  if (end - from > mostInOneAnswer)
    throw new ApiError(400, "BadRequest", `Ask for a page of at most ${mostInOneAnswer} entities`);
  return ids.slice(from, end);
}

/** Ids by the value of a field, those without it first; equal values by id, so that pages do not overlap. */
export function sortByField(pairs: unknown, descending: boolean): readonly bigint[] {
  const rows = (Array.isArray(pairs) ? pairs : []).flatMap((pair: unknown) => {
    const [id, value]: readonly unknown[] = Array.isArray(pair) ? pair : [];
    return typeof id === "string" ? [{ id: BigInt(id), value }] : [];
  });
  const sign = descending ? -1 : 1;
  return rows
    .toSorted((left, right) => sign * compareValues(left.value, right.value) || (left.id < right.id ? -1 : 1))
    .map(({ id }) => id);
}

/** Numbers by size, texts by code unit, and before both what is neither: the field is absent. */
function compareValues(left: unknown, right: unknown): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  const [leftText, rightText] = [asText(left) ?? "", asText(right) ?? ""];
  if (leftText !== rightText) return leftText < rightText ? -1 : 1;
  return Number(typeof left === "number") - Number(typeof right === "number");
}
