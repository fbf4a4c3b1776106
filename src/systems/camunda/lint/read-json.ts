import { readFile } from "node:fs/promises";
import type { z } from "zod";
import { MusterError, messageOf } from "../../../core/errors.ts";

/** Parses a file at the edge; throws BAD_ARGUMENT with the file and the first field that does not fit. */
export async function readJson<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const text = await readFile(file, "utf8").catch((thrown: unknown) => {
    throw badListing(`${file}: cannot be read (${messageOf(thrown)})`);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw badListing(`${file}: is not JSON (${messageOf(thrown)})`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw badListing(`${file}: ${issue?.path.join(".") || "top level"}: ${issue?.message ?? "does not fit"}`);
}

/** A listing that cannot be judged because it cannot be read. */
export function badListing(message: string): MusterError {
  return new MusterError("BAD_ARGUMENT", {
    message,
    hint: "a set is a folder with snapshots.json (GET _snapshot/<repository>/_all) and store.json or store/",
  });
}
