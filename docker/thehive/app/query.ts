import { vertexIdOf } from "./entities.ts";
import { ApiError } from "./http.ts";
import { asFields, asFieldsList, asText, type Fields } from "./json.ts";
import type { Filter, Listing } from "./listing.ts";

/** What a query asks for: entities, or how many there are. */
export interface ParsedQuery {
  readonly listing: Listing;
  readonly countOnly: boolean;
}

const labelOfList: Readonly<Record<string, string>> = {
  listOrganisation: "Organisation",
  listUser: "User",
  listCase: "Case",
  listTask: "Task",
  listLog: "Log",
  listObservable: "Observable",
  listAlert: "Alert",
  listAttachment: "Attachment",
};

const texts = ["title", "name", "description", "message", "data"];
const keywords = [
  "tags",
  "status",
  "group",
  "type",
  "source",
  "sourceRef",
  "dataType",
  "profile",
  "login",
  "caseId",
  "taskId",
  "contentType",
  "attachmentId",
];
const numbers = ["severity", "number", "size"];
/** Names of the API that the graph keeps under another name. */
const innerNames: Readonly<Record<string, string>> = {
  _createdBy: "createdBy",
  _createdAt: "createdAt",
  _updatedBy: "updatedBy",
  _updatedAt: "updatedAt",
};
const known = new Set([...texts, ...keywords, ...numbers, ...Object.values(innerNames)]);

/**
 * The part of TheHive's query language that is spoken here: one `list…` step, then any of `filter`, `sort`, `page`, `count`.
 * @throws ApiError 400 for everything else, so that no answer is wider than what was asked
 */
export function parseQuery(body: Fields): ParsedQuery {
  const steps = asFieldsList(body["query"]);
  const label = labelOfList[asText(steps[0]?.["_name"]) ?? ""];
  if (label === undefined) throw refusal("The first step of a query must be a known list");
  let parsed: ParsedQuery = {
    listing: { label, after: 0n, from: 0, to: undefined, filters: [], order: undefined },
    countOnly: false,
  };
  for (const step of steps.slice(1)) parsed = { ...parsed, ...parseStep(step, parsed.listing) };
  if (parsed.listing.order !== undefined && parsed.listing.after > 0n)
    throw refusal("_gt on _id goes with the order of ids only");
  return parsed;
}

function parseStep(step: Fields, listing: Listing): Partial<ParsedQuery> {
  switch (asText(step["_name"])) {
    case "count":
      return { countOnly: true };
    case "page":
      return { listing: { ...listing, ...parsePage(step) } };
    case "sort":
      return { listing: { ...listing, order: parseOrder(step["_fields"]) } };
    case "filter":
      return { listing: parseConditions(step, listing) };
    default:
      throw refusal(`Unknown query step ${asText(step["_name"])}`);
  }
}

function parsePage(step: Fields): { readonly from: number; readonly to: number } {
  const from = Number(step["from"] ?? 0);
  const to = Number(step["to"]);
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to < from)
    throw refusal("A page needs from and to, to not below from");
  return { from, to };
}

/** `[{"title": "asc"}]`: one field; undefined for the order of ids, which is the default. */
function parseOrder(value: unknown): Listing["order"] {
  const [name, direction] = Object.entries(asFieldsList(value)[0] ?? {})[0] ?? [];
  if (name === "_id" && direction === "asc") return undefined;
  if (name === undefined || (direction !== "asc" && direction !== "desc"))
    throw refusal("Sort takes one field, asc or desc");
  return { field: knownField(name), descending: direction === "desc" };
}

function parseConditions(condition: Fields, listing: Listing): Listing {
  const and = condition["_and"];
  if (Array.isArray(and))
    return asFieldsList(and).reduce<Listing>((narrowed, inner) => parseConditions(inner, narrowed), listing);
  const above = asFields(condition["_gt"]);
  if (above !== undefined) return { ...listing, after: parseAfter(above) };
  return { ...listing, filters: [...listing.filters, parseFilter(condition)] };
}

function parseAfter(above: Fields): bigint {
  const id = vertexIdOf(asText(above["_value"]) ?? "");
  if (above["_field"] !== "_id" || id === undefined) throw refusal("_gt is understood on _id only");
  return BigInt(id);
}

function parseFilter(condition: Fields): Filter {
  const like = asFields(condition["_like"]);
  if (like !== undefined) return parseLike(like);
  const equal = asFields(condition["_eq"]) ?? condition;
  const value = equal["_value"];
  if (typeof value !== "string" && typeof value !== "number")
    throw refusal("A filter needs a field with a value, _like, _and, or _gt on _id");
  return { field: knownField(asText(equal["_field"]) ?? ""), kind: "equal", value };
}

/** A star at the end asks for words that begin so; others are passed over, as a word is found wherever it stands. */
function parseLike(like: Fields): Filter {
  const field = asText(like["_field"]) ?? "";
  const pattern = (asText(like["_value"]) ?? "").toLowerCase();
  const value = pattern.replaceAll("*", "");
  if (!texts.includes(field) || value === "") throw refusal("_like needs a text field and a word");
  return { field, kind: pattern.endsWith("*") && !pattern.startsWith("*") ? "prefix" : "word", value };
}

function knownField(name: string): string {
  const inner = innerNames[name] ?? name;
  if (!known.has(inner)) throw refusal(`Unknown field ${name}`);
  return inner;
}

function refusal(message: string): ApiError {
  return new ApiError(400, "BadRequest", message);
}
