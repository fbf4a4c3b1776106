import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Settings of the application, from the files that TheHive reads: `application.conf`, `secret.conf`, `index.conf`. */
export interface Config {
  readonly filesFolder: string;
  readonly janusgraphUrl: string;
  readonly indexUrl: string;
  readonly indexUser: string;
  readonly indexPassword: string;
  /** Signs session tokens. */
  readonly secretKey: string;
  readonly port: number;
}

/** Reads `key = "value"` lines; of HOCON no more is needed here. Blank lines and lines that begin with # are passed over. */
export function parseSettings(text: string): Map<string, string> {
  const settings = new Map<string, string>();
  for (const line of text.split("\n")) {
    const match = /^\s*([\w.-]+)\s*[=:]\s*"?(.*?)"?\s*$/.exec(line);
    if (match?.[1] !== undefined && !line.trimStart().startsWith("#")) settings.set(match[1], match[2] ?? "");
  }
  return settings;
}

/** @throws Error naming the file and the key where a setting is missing. */
export function readConfig(folder: string, port: number): Config {
  const read = (file: string) => parseSettings(readFileSync(join(folder, file), "utf8"));
  const application = read("application.conf");
  const index = read("index.conf");
  const secret = read("secret.conf");
  const required = (settings: Map<string, string>, file: string, key: string): string => {
    const value = settings.get(key);
    if (value === undefined || value === "") throw new Error(`Configuration error: ${file} has no ${key}`);
    return value;
  };
  return {
    filesFolder: required(application, "application.conf", "storage.localfs.location"),
    janusgraphUrl: required(application, "application.conf", "db.janusgraph.url"),
    indexUrl: required(index, "index.conf", "index.search.url"),
    indexUser: required(index, "index.conf", "index.search.username"),
    indexPassword: required(index, "index.conf", "index.search.password"),
    secretKey: required(secret, "secret.conf", "play.http.secret.key"),
    port,
  };
}
