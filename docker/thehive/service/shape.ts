type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Readers of unknown JSON: each gives the value in its type, or undefined (an empty list for lists). */
export const z = {
  text: (value: unknown): string | undefined => (typeof value === "string" ? value : undefined),
  record: (value: unknown): Fields | undefined => (isRecord(value) ? value : undefined),
  records: (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isRecord) : []),
};
