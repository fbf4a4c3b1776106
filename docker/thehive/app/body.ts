import { ApiError } from "./http.ts";
import { asFields, type Fields } from "./json.ts";

/** The graph keeps these as keywords of the index, where Elasticsearch takes at most 32,766 bytes of UTF-8. */
const longestKeyword = 8_000;
const longTexts = new Set(["description", "message", "data"]);
const severities = [1, 2, 3, 4];

export interface Body {
  readonly fields: Fields;
  readonly files: readonly File[];
}

/** A request's JSON and files; multipart bodies carry the JSON in the part `_json`, as TheHive's do. @throws ApiError 400 */
export async function readBody(request: Request): Promise<Body> {
  const type = request.headers.get("content-type") ?? "";
  if (!type.startsWith("multipart/form-data"))
    return { fields: parseFields(await request.text()), files: [] };
  const form = await request.formData().catch((problem: unknown) => {
    throw new ApiError(400, "BadRequest", `Invalid multipart body: ${String(problem)}`);
  });
  const json = form.get("_json") ?? "{}";
  const files = [...form.entries()].flatMap(([name, value]) =>
    value instanceof File && name !== "_json" ? [value] : [],
  );
  return { fields: parseFields(typeof json === "string" ? json : await json.text()), files };
}

function parseFields(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text === "" ? "{}" : text);
  } catch {
    throw new ApiError(400, "BadRequest", "Invalid JSON");
  }
  const fields = asFields(value);
  if (fields === undefined) throw new ApiError(400, "BadRequest", "Invalid JSON: an object is expected");
  return fields;
}

/** The known fields of a body, checked for their type; others are passed over. @throws ApiError 400 */
export function pickFields(fields: Fields, known: readonly string[], required: readonly string[]): Fields {
  for (const name of required) {
    if (fields[name] === undefined || fields[name] === "")
      throw new ApiError(400, "BadRequest", `Missing attribute ${name}`);
  }
  const picked = known.flatMap((name): [string, unknown][] => {
    const value = fields[name];
    if (value === undefined) return [];
    if (!isValid(name, value)) throw new ApiError(400, "BadRequest", `Invalid format for ${name}`);
    return [[name, Array.isArray(value) ? [...new Set(value)] : value]];
  });
  return Object.fromEntries(picked);
}

function isValid(name: string, value: unknown): boolean {
  if (name === "severity") return typeof value === "number" && severities.includes(value);
  if (name === "tags") return Array.isArray(value) && value.every((tag) => isText(tag, longestKeyword));
  return isText(value, longTexts.has(name) ? Infinity : longestKeyword);
}

function isText(value: unknown, most: number): boolean {
  return typeof value === "string" && value.length <= most;
}
