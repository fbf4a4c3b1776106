import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { S3Settings } from "./s3.ts";

/** Settings of the application, from the files that TheHive reads: `application.conf`, `secret.conf`, `index.conf`. */
export interface Config {
  /** A folder, or a bucket of an object store. */
  readonly files: { readonly folder: string } | S3Settings;
  readonly janusgraphUrl: string;
  readonly indexUrl: string;
  /** Undefined where the index backend runs without security. */
  readonly indexCredentials: { readonly user: string; readonly password: string } | undefined;
  /** Signs session tokens. */
  readonly secretKey: string;
  readonly port: number;
  /** Drop the index at the start and build it from the database; to be taken out again afterwards. */
  readonly rebuildsIndex: boolean;
  /** Audit entries go into an index of their own, which no other store can build again. */
  readonly auditsInIndex: boolean;
}

const blockBegin = /^([\w.-]+)\s*[=:]?\s*\{$/;
const assignment = /^([\w.-]+)\s*[=:]\s*(.+)$/;

/**
 * Reads the part of HOCON that the three files need: `key = "value"`, blocks in braces, one item a line, lists of one
 * text, comments; `include` is passed over, since the three files are read anyway.
 * @returns values by their full dotted key
 * @throws Error naming the key or the number of a line that cannot be read
 */
export function parseSettings(text: string): Map<string, string> {
  const settings = new Map<string, string>();
  const blocks: string[] = [];
  for (const [index, line] of text.split("\n").map((raw, number) => [number, raw.trim()] as const)) {
    if (line === "" || line.startsWith("#") || line.startsWith("//") || line.startsWith("include ")) continue;
    const block = blockBegin.exec(line)?.[1];
    const [, key, value] = assignment.exec(line) ?? [];
    if (line === "}") blocks.pop();
    else if (block !== undefined) blocks.push(block);
    else if (key !== undefined && value !== undefined)
      settings.set([...blocks, key].join("."), plainValue(value));
    else throw new Error(`Configuration error: cannot read line ${index + 1}`);
  }
  return settings;
}

function plainValue(raw: string): string {
  const [, quoted] = /^\[?\s*"((?:[^"\\]|\\.)*)"/.exec(raw) ?? [];
  if (quoted !== undefined) return quoted.replaceAll(/\\(.)/g, "$1");
  return raw.replace(/(^|\s+)(#|\/\/).*$/, "").trim();
}

/** @throws Error naming the file and the key where a setting is missing. */
export function readConfig(folder: string, port: number): Config {
  const read = (file: string) => {
    const path = join(folder, file);
    return existsSync(path) ? [...parseSettings(readFileSync(path, "utf8"))] : [];
  };
  const settings = new Map(["application.conf", "index.conf", "secret.conf"].flatMap(read));
  const required = (file: string, key: string): string => {
    const value = settings.get(key);
    if (value === undefined || value === "") throw new Error(`Configuration error: ${file} has no ${key}`);
    return value;
  };
  const user = settings.get("index.search.username") ?? "";
  return {
    files:
      settings.get("storage.provider") === "s3"
        ? {
            endpoint: required("application.conf", "storage.s3.endpoint"),
            bucket: required("application.conf", "storage.s3.bucket"),
            region: required("application.conf", "storage.s3.region"),
            accessKey: required("application.conf", "storage.s3.accessKey"),
            secretKey: required("application.conf", "storage.s3.secretKey"),
          }
        : { folder: required("application.conf", "storage.localfs.location") },
    janusgraphUrl: required("application.conf", "db.janusgraph.url"),
    indexUrl: required("index.conf", "index.search.url"),
    indexCredentials:
      user === "" ? undefined : { user, password: settings.get("index.search.password") ?? "" },
    secretKey: required("secret.conf", "play.http.secret.key"),
    port,
    rebuildsIndex: settings.get("db.janusgraph.forceDropAndRebuildIndex") === "true",
    auditsInIndex: settings.get("audit.storage") === "elasticsearch",
  };
}
