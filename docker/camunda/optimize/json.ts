/** A JSON object whose values are still unknown. */
export type Fields = Readonly<Record<string, unknown>>;

const integer = /^-?\d+$/;

/**
 * Reads JSON without losing digits: an integer that a double cannot hold becomes a text of its digits. Zeebe's keys are
 * 64-bit numbers with the partition in the upper bits, so that those of partition 4 and above are past 2^53.
 * @throws SyntaxError
 * @see github.com/tc39/proposal-json-parse-with-source, `context.source`
 */
export function parseJson(text: string): unknown {
  return JSON.parse(text, (_name: string, value: unknown, context?: { readonly source?: string }) => {
    const source = context?.source;
    const isExact = typeof value !== "number" || !Number.isInteger(value) || Number.isSafeInteger(value);
    return isExact || source === undefined || !integer.test(source) ? value : source;
  });
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as a text; undefined where it is none. */
export function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The value as a number; undefined where it is none. */
export function asNumber(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** The value as an object; an empty one where it is none. */
export function asFields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** The objects of a list; an empty list where the value is no list. */
export function asFieldsList(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** A Zeebe key as text; undefined where there is none, which Zeebe writes as -1. */
export function asKey(value: unknown): string | undefined {
  const text = typeof value === "number" ? `${value}` : asText(value);
  return text !== undefined && integer.test(text) && !text.startsWith("-") ? text : undefined;
}
