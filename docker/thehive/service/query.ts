import { z } from "./shape.ts";
import { ApiError } from "./http.ts";
import type { Listing } from "./store.ts";

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

/**
 * The part of TheHive's query language that is spoken here: list, `filter` by `_like` (one word in one text field) or by
 * `_gt` on `_id` (keyset paging), `page` with `from` 0, `count`.
 */
export function parseQuery(body: Readonly<Record<string, unknown>>): ParsedQuery {
  const steps = z.records(body["query"]);
  const label = labelOfList[z.text(steps[0]?.["_name"]) ?? ""];
  if (label === undefined)
    throw new ApiError(400, "BadRequest", "The first step of a query must be a known list");
  let listing: Listing = { label };
  let countOnly = false;
  for (const step of steps.slice(1)) {
    const name = z.text(step["_name"]);
    if (name === "count") countOnly = true;
    else if (name === "page") listing = { ...listing, limit: Number(step["to"]) - Number(step["from"] ?? 0) };
    else if (name === "filter") listing = { ...listing, ...parseFilter(step) };
    else if (name !== "sort") throw new ApiError(400, "BadRequest", `Unknown query step ${name}`);
  }
  return { listing, countOnly };
}

function parseFilter(step: Readonly<Record<string, unknown>>): Partial<Listing> {
  const like = z.record(step["_like"]);
  if (like !== undefined)
    return {
      search: { field: z.text(like["_field"]) ?? "", word: (z.text(like["_value"]) ?? "").toLowerCase() },
    };
  const above = z.record(step["_gt"]);
  if (above !== undefined && above["_field"] === "_id")
    return { after: (z.text(above["_value"]) ?? "~0").slice(1) };
  throw new ApiError(400, "BadRequest", "Only _like and _gt on _id are understood by this stand-in");
}
