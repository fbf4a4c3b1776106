import { ApiError } from "./http.ts";

type Fields = Record<string, unknown>;

/** A request's JSON and files; multipart bodies carry the JSON in the part `_json`, as TheHive's do. */
export async function readBody(
  request: Request,
): Promise<{ readonly fields: Fields; readonly files: readonly File[] }> {
  const type = request.headers.get("content-type") ?? "";
  if (!type.startsWith("multipart/form-data"))
    return { fields: parseFields(await request.text()), files: [] };
  const form = await request.formData();
  const json = form.get("_json");
  const files = [...form.entries()].flatMap(([, value]) =>
    value instanceof File && value.name !== "" ? [value] : [],
  );
  return {
    fields: parseFields(typeof json === "string" ? json : "{}"),
    files: files.filter((file) => file !== json),
  };
}

function parseFields(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text === "" ? "{}" : text);
  } catch {
    throw new ApiError(400, "BadRequest", "Invalid JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new ApiError(400, "BadRequest", "Invalid JSON: an object is expected");
  return Object.fromEntries(Object.entries(value));
}

/** The known fields of a body, checked for their type. @throws ApiError 400 */
export function pickFields(fields: Fields, known: readonly string[], required: readonly string[]): Fields {
  for (const name of required) {
    if (fields[name] === undefined || fields[name] === "")
      throw new ApiError(400, "BadRequest", `Missing attribute ${name}`);
  }
  const picked: Fields = {};
  for (const name of known) {
    const value = fields[name];
    if (value === undefined) continue;
    const valid =
      name === "tags"
        ? Array.isArray(value) && value.every((tag) => typeof tag === "string")
        : name === "severity"
          ? Number.isInteger(value)
          : typeof value === "string";
    if (!valid) throw new ApiError(400, "BadRequest", `Invalid format for ${name}`);
    picked[name] = value;
  }
  return picked;
}
