import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { exitStatus } from "../core/errors.ts";
import { writeReports } from "../report/write.ts";
import { concludeRun } from "../run/conclude.ts";

/** Makes the reports of a run again from its evidence. */
export async function reportCommand(run: string, options: { readonly open?: boolean }): Promise<number> {
  const folder = resolve(run);
  const { report } = await concludeRun(folder);
  const problems = await writeReports(report, folder);
  for (const problem of problems) process.stderr.write(`muster: ${problem}\n`);
  const page = join(folder, "report.html");
  process.stdout.write(`${page}\n`);
  if (options.open === true) {
    const opener = spawn(process.platform === "darwin" ? "open" : "xdg-open", [page], {
      detached: true,
      stdio: "ignore",
    });
    opener.on("error", () =>
      process.stderr.write("muster: no program here opens pages; the path is above\n"),
    );
    opener.unref();
  }
  return problems.length === 0 ? exitStatus.verified : exitStatus.inconclusive;
}
