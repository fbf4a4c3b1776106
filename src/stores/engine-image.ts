import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** For tests on real servers only: drills get their images from src/stack, which stores do not know. */

const listLimitMs = 20_000;

// The reaper of testcontainers is an image of its own, which a machine without a way out cannot get.
process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";

/** The image that a test runs: the one that the variable names, one that Muster has built here, or the official one. */
export async function engineImage(options: {
  readonly variable: string;
  readonly folder: string;
  readonly official: string;
}): Promise<string> {
  const named = process.env[options.variable];
  if (named !== undefined && named !== "") return named;
  const words = [
    "image",
    "ls",
    "--filter",
    `reference=localhost/muster/${options.folder}`,
    "--format",
    "{{.Repository}}:{{.Tag}}",
  ];
  const { stdout } = await promisify(execFile)("docker", words, { timeout: listLimitMs });
  return stdout.split("\n").find((line) => line !== "" && !line.includes("<none>")) ?? options.official;
}
