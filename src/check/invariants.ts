import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { MusterError } from "../core/errors.ts";
import { roles } from "../core/tables.ts";
import { gates } from "../core/verdict.ts";

/** Moments at which an invariant speaks; `run` is judged once, over the run as a whole. */
export const judgedGates = [...gates, "run"] as const;
export type JudgedGate = (typeof judgedGates)[number];
type Role = (typeof roles)[number];

/** One SQL query whose rows are findings, with the header that says when it may be believed. */
export interface Invariant {
  readonly id: string;
  readonly file: string;
  readonly title: string;
  /** Relation, or sub-select in parentheses, of which one row is one thing judged. */
  readonly judges: string;
  /** Tables and relations that must not be empty. */
  readonly needs: readonly string[];
  readonly gates: readonly JudgedGate[];
  /** Every component placed in one of these roles must have been read completely. */
  readonly needsComplete: readonly Role[];
  /** Relation or sub-select with columns `gate` and `why`: where it has a row, the check could not be made. */
  readonly undecidedBy: string | undefined;
  /** Left out where this relation is empty because the system declares nothing of the kind. */
  readonly appliesWhen: string | undefined;
  readonly sql: string;
}

const requiredKeys = ["title", "judges", "needs", "gates"];
const knownKeys = [...requiredKeys, "needs-complete", "undecided-by", "applies-when"];
/** A continued header line is indented by at least two blanks more. */
const headerLine = /^-- ([a-z-]+): (.*)$/;
const continuedLine = /^-- {3,}(\S.*)$/;

/**
 * Loads every invariant of the folders, in the order of their ids.
 * @throws MusterError BAD_ARGUMENT with file and line when a header is wrong or an id is there twice.
 */
export async function loadInvariants(folders: readonly string[]): Promise<Invariant[]> {
  const byId = new Map<string, Invariant>();
  for (const folder of folders) {
    const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
    for (const name of names) {
      const file = join(folder, name);
      const invariant = parseInvariant(await readFile(file, "utf8"), file);
      const other = byId.get(invariant.id);
      if (other !== undefined) throw wrong(file, 1, `the id "${invariant.id}" is taken by ${other.file}`);
      byId.set(invariant.id, invariant);
    }
  }
  return [...byId.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Parses one invariant; its id is the name of its file. */
export function parseInvariant(text: string, file: string): Invariant {
  const header = readHeader(text.split("\n"), file);
  for (const key of requiredKeys) {
    if (!header.has(key)) throw wrong(file, 1, `the header has no "${key}"`);
  }
  const speaksAt = listOf(header, "gates").map((word) =>
    oneOf(judgedGates, word, file, header.get("gates")?.line),
  );
  const sql = text.replace(/;\s*$/, "");
  if (sql.includes(";")) throw wrong(file, 1, "expected one SELECT, without a semicolon inside");
  return {
    id: basename(file, ".sql"),
    file,
    title: valueOf(header, "title"),
    judges: valueOf(header, "judges"),
    needs: listOf(header, "needs"),
    gates: speaksAt,
    needsComplete: rolesOf(header, file),
    undecidedBy: header.get("undecided-by")?.value,
    appliesWhen: header.get("applies-when")?.value,
    sql,
  };
}

interface HeaderValue {
  readonly value: string;
  readonly line: number;
}

function readHeader(lines: readonly string[], file: string): Map<string, HeaderValue> {
  const header = new Map<string, HeaderValue>();
  let lastKey: string | undefined;
  for (const [index, line] of lines.entries()) {
    const lineNumber = index + 1;
    const [, key, value] = headerLine.exec(line) ?? [];
    const continued = continuedLine.exec(line)?.[1];
    const last = lastKey === undefined ? undefined : header.get(lastKey);
    if (key !== undefined && value !== undefined) {
      if (!knownKeys.includes(key))
        throw wrong(file, lineNumber, `unknown key "${key}", expected one of ${knownKeys.join(", ")}`);
      if (header.has(key)) throw wrong(file, lineNumber, `"${key}" is there twice`);
      if (value.trim() === "") throw wrong(file, lineNumber, `"${key}" is empty`);
      header.set(key, { value: value.trim(), line: lineNumber });
      lastKey = key;
    } else if (continued !== undefined && lastKey !== undefined && last !== undefined) {
      header.set(lastKey, { value: `${last.value} ${continued.trim()}`, line: last.line });
    } else {
      break; // The header ends with the first line that belongs to no key.
    }
  }
  return header;
}

function valueOf(header: ReadonlyMap<string, HeaderValue>, key: string): string {
  return header.get(key)?.value ?? "";
}

function listOf(header: ReadonlyMap<string, HeaderValue>, key: string): string[] {
  return valueOf(header, key)
    .split(",")
    .map((word) => word.trim());
}

function rolesOf(header: ReadonlyMap<string, HeaderValue>, file: string): readonly Role[] {
  const entry = header.get("needs-complete");
  if (entry === undefined) return [];
  if (entry.value === "yes") return roles;
  return listOf(header, "needs-complete").map((word) => oneOf(roles, word, file, entry.line));
}

function oneOf<Word extends string>(words: readonly Word[], given: string, file: string, line = 1): Word {
  const word = words.find((candidate) => candidate === given);
  if (word === undefined) throw wrong(file, line, `"${given}" is none of ${words.join(", ")}`);
  return word;
}

function wrong(file: string, line: number, message: string): MusterError {
  return new MusterError("BAD_ARGUMENT", {
    message: `${file}:${line}: ${message}`,
    hint: "docs/write-an-invariant.md shows a header",
  });
}
