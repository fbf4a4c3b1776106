/**
 * JSON whose integers keep every digit. Products issue 64-bit keys as JSON numbers; JavaScript would round those above
 * 2^53 without a word, so they stay text.
 */

/** As `JSON.parse`, but an integer that a JavaScript number cannot hold becomes a string of its digits. */
export function parseExactJson(text: string): unknown {
  return JSON.parse(text, keepDigits);
}

/** The third argument, the text of a primitive, is newer than the types of the language. */
function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== "number" || Number.isSafeInteger(value) || source === undefined) return value;
  return /^-?\d+$/.test(source) ? source : value;
}

const json = JSON as typeof JSON & { readonly rawJSON: (text: string) => unknown };

/** A key as the JSON number that a product expects, with every digit; for `JSON.stringify` only. */
export function exactNumber(digits: string): unknown {
  return json.rawJSON(digits);
}
