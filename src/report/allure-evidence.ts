import { createHash } from "node:crypto";
import { copyFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Report } from "../core/report.ts";

export interface Attachment {
  readonly name: string;
  readonly source: string;
  readonly type: string;
}

/** Larger files stay in the run folder, where the report names them with their hash. */
const attachedLimitBytes = 5_000_000;

const types: Readonly<Record<string, string>> = {
  ".json": "application/json",
  ".jsonl": "text/plain",
  ".md": "text/markdown",
  ".log": "text/plain",
  ".html": "text/html",
  ".png": "image/png",
};

/** Copies the page and the evidence of a run into a folder of results; a file that is gone is not attached. */
export async function attachEvidence(
  { files }: Pick<Report, "files">,
  { runFolder, folder }: { readonly runFolder: string; readonly folder: string },
): Promise<Attachment[]> {
  const evidence = files
    .filter(({ path, bytes }) => path.startsWith("evidence/") && bytes <= attachedLimitBytes)
    .map(({ path }) => path);
  const attachments: Attachment[] = [];
  for (const path of ["report.html", "report.json", ...evidence]) {
    const source = `${createHash("sha1").update(path).digest("hex").slice(0, 16)}-attachment${extname(path)}`;
    try {
      await copyFile(join(runFolder, path), join(folder, source));
    } catch (thrown) {
      // What is missing is told by the check of evidence; results must come into being even so.
      if (isMissing(thrown)) continue;
      throw thrown;
    }
    attachments.push({ name: path, source, type: types[extname(path)] ?? "application/octet-stream" });
  }
  return attachments;
}

function isMissing(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    "code" in thrown &&
    (thrown.code === "ENOENT" || thrown.code === "EISDIR" || thrown.code === "ENOTSUP")
  );
}
