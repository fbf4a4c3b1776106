/**
 * Every record carries a marker: its business id and its version. TheHive issues its own ids again after a restore, so
 * they cannot name a record; and an ASCII marker can be read raw, out of the database and out of the index.
 */

export const recordKinds = ["organisation", "user", "case", "task", "log", "observable", "alert"] as const;
export type RecordKind = (typeof recordKinds)[number];

export interface Marker {
  readonly kind: RecordKind;
  /** Business id, e.g. `case-000123`. */
  readonly id: string;
  /** Version: the number of the write that gave the record its content. */
  readonly seq: number;
}

const highestNumber = 999_999;
const pattern = new RegExp(`muster:((${recordKinds.join("|")})-\\d{6}):(\\d{6})(?!\\d)`);
/** As above, in a raw cell read as Latin-1, where the last character of an ASCII text may carry its high bit; then any byte may follow. */
const rawPattern = new RegExp(
  `muster:((${recordKinds.join("|")})-\\d{6}):(\\d{5}(?:[\\xb0-\\xb9]|\\d(?!\\d)))`,
);

/** Business id of the record with this number. */
export function businessId(kind: RecordKind, number: number): string {
  return `${kind}-${sixDigits(number)}`;
}

/** Text of the marker that a record carries in its version `seq`. */
export function markerText(id: string, seq: number): string {
  return `muster:${id}:${sixDigits(seq)}`;
}

/** The first marker in a text; undefined where there is none. */
export function findMarker(text: string): Marker | undefined {
  return markerOf(pattern.exec(text));
}

/**
 * The first marker in the bytes of a cell. JanusGraph keeps an ASCII text as its bytes with the high bit set on the last.
 * Source: org.janusgraph.graphdb.database.serialize.attribute.StringSerializer, seen on JanusGraph 1.1.0.
 */
export function findRawMarker(cell: Uint8Array): Marker | undefined {
  return markerOf(rawPattern.exec(Buffer.from(cell).toString("latin1")));
}

/** The marker of the record itself among all in its texts: a user also names its organisation, by the marker of that. */
export function ownMarker(markers: readonly (Marker | undefined)[]): Marker | undefined {
  const found = markers.filter((marker) => marker !== undefined);
  return found.find(({ kind }) => kind !== "organisation") ?? found[0];
}

function markerOf(match: RegExpExecArray | null): Marker | undefined {
  const [, id, kindName, digits] = match ?? [];
  const kind = recordKinds.find((candidate) => candidate === kindName);
  if (id === undefined || kind === undefined || digits === undefined) return undefined;
  return { kind, id, seq: Number(withoutHighBit(digits)) };
}

/** A raw text whose last character may carry the end mark of the serializer. */
function withoutHighBit(raw: string): string {
  const last = raw.charCodeAt(raw.length - 1);
  return raw.slice(0, -1) + String.fromCharCode(last & 0x7f);
}

function sixDigits(number: number): string {
  if (!Number.isInteger(number) || number < 0 || number > highestNumber) {
    throw new RangeError(`${number} does not fit into the six digits of a marker`);
  }
  return String(number).padStart(6, "0");
}
