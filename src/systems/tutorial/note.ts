import { createHash } from "node:crypto";

/** A call of the notebook's API. Throws OperationRefused on a 4xx answer, Error on everything else that is no success. */
export interface NotebookClient {
  call(method: string, path: string, body?: unknown): Promise<unknown>;
}

/** Digest of a note as the API serves it; used for what is written and for what is read. */
export function digestNote(note: { readonly text: string; readonly attachment: string | null }): string {
  return createHash("sha256")
    .update(JSON.stringify([note.text, note.attachment]))
    .digest("hex");
}
