import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { RunContext } from "./context.ts";

/** Takes every collected log into the evidence, with secrets removed. */
export async function saveLogs(
  context: Pick<RunContext, "workFolder" | "runFolder" | "secrets">,
): Promise<void> {
  const from = join(context.workFolder, "logs");
  for (const path of await readdir(from, { recursive: true }).catch(() => [])) {
    if (!(await stat(join(from, path))).isFile()) continue;
    const into = join(context.runFolder, "evidence", "logs", path);
    await mkdir(dirname(into), { recursive: true });
    await writeFile(into, context.secrets.redact(await readFile(join(from, path), "utf8")));
  }
}
