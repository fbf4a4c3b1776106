import { $ } from "zx";
import { MusterError } from "../core/errors.ts";

/** One call of `docker compose`, for what the libraries do not offer. @throws MusterError STACK_FAILED with what it said. */
export async function composeCli(call: {
  readonly words: readonly string[];
  readonly cwd: string;
  readonly projectName: string;
  readonly files: readonly string[];
}): Promise<string> {
  const files = call.files.flatMap((file) => ["-f", file]);
  const shell = $({
    cwd: call.cwd,
    nothrow: true,
    quiet: true,
    timeout: "300s",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const result = await shell`docker compose --progress quiet -p ${call.projectName} ${files} ${call.words}`;
  if (result.exitCode === 0) return result.stdout;
  throw new MusterError("STACK_FAILED", {
    message: `docker compose ${call.words.join(" ")} ended with ${result.exitCode}: ${result.stderr.trim().slice(-1500)}`,
  });
}
