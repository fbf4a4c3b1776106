import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { Config } from "./config.ts";

const messageLimit = 1500;

interface Call {
  readonly command: "pg_dump" | "psql";
  readonly words: readonly string[];
  /** File for the standard output; nothing is kept without one. */
  readonly into?: string;
}

/** PostgreSQL's own tools, against the manager's database. @throws Error with what the tool said */
export async function callPostgres(config: Config, { command, words, into }: Call): Promise<void> {
  const { host, user, password, database } = config.postgres;
  const child = spawn(command, ["--no-password", ...words], {
    env: { ...process.env, PGHOST: host, PGUSER: user, PGPASSWORD: password, PGDATABASE: database },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-messageLimit)));
  if (into === undefined) child.stdout.resume();
  const written = into === undefined ? undefined : pipeline(child.stdout, createWriteStream(into));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  await written;
  if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode}: ${said.trim()}`);
}
