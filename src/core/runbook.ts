import { Lexer } from "marked";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { MusterError } from "./errors.ts";

/**
 * A Runbook is a Markdown document: front matter, and `sh` blocks under the headings `Back up` and `Restore`.
 * The drill executes the document itself, so what operators read is what was tested.
 */

const frontMatterSchema = z.strictObject({
  title: z.string().min(1),
  system: z.string().min(1),
  mode: z.enum(["cold", "hot"]),
  variant: z.string().min(1),
  /** Documents that the procedure follows. */
  source: z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat()),
  /** Programs that must be there before anything is started. */
  needs: z.array(z.string()).default([]),
});

const blockAttributesSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "must be lower-case words with hyphens"),
  /** One component, several separated by commas, or `set` for the set as a whole. */
  component: z.string().min(1),
  /** Limit of the block, in seconds. */
  timeout: z.coerce.number().int().positive().default(600),
  /** `seal`: the block writes the set's own manifest. */
  role: z.enum(["step", "seal"]).default("step"),
});

export type RunbookPart = "backup" | "restore";

export interface RunbookBlock {
  readonly part: RunbookPart;
  readonly id: string;
  readonly components: readonly string[];
  readonly timeoutMs: number;
  readonly role: "step" | "seal";
  readonly script: string;
  readonly line: number;
}

export interface Runbook extends z.infer<typeof frontMatterSchema> {
  readonly blocks: readonly RunbookBlock[];
}

const partOfHeading: Readonly<Record<string, RunbookPart>> = { "back up": "backup", restore: "restore" };

/**
 * Parses a runbook.
 * @param file name for messages.
 * @throws MusterError BAD_RUNBOOK naming file, line and what was expected.
 */
export function parseRunbook(text: string, file: string): Runbook {
  const match = /^---\n([\s\S]*?)\n---\n/.exec(text);
  if (match === null) {
    throw bad(
      file,
      1,
      "expected front matter between two lines of ---, saw none",
      "copy the head of a shipped runbook",
    );
  }
  const frontMatter = frontMatterSchema.safeParse(parseFrontMatter(match[1] ?? "", file));
  if (!frontMatter.success)
    throw bad(file, 1, describeIssues(frontMatter.error), "see docs/write-a-runbook.md for the keys");
  const blocks = readBlocks(text, match[0].length, file);
  ensureParts(blocks, file);
  return { ...frontMatter.data, blocks };
}

function parseFrontMatter(text: string, file: string): unknown {
  try {
    return parseYaml(text);
  } catch (cause) {
    throw bad(file, 1, `front matter is not YAML (${String(cause)})`, "quote texts that hold a colon");
  }
}

function readBlocks(text: string, bodyStart: number, file: string): RunbookBlock[] {
  const blocks: RunbookBlock[] = [];
  let part: RunbookPart | undefined;
  let offset = bodyStart;
  for (const token of new Lexer().lex(text.slice(bodyStart))) {
    const line = text.slice(0, offset).split("\n").length;
    offset += token.raw.length;
    if (token.type === "heading" && token.depth <= 2)
      part = partOfHeading[String(token.text).trim().toLowerCase()];
    if (token.type !== "code" || !/^sh\b/.test(String(token.lang ?? ""))) continue;
    if (part === undefined) {
      throw bad(
        file,
        line,
        "an sh block stands outside the parts Back up and Restore",
        "use another language tag for examples, such as `text`",
      );
    }
    const block = readBlock(String(token.lang), String(token.text), part, line, file);
    const twin = blocks.find((other) => other.id === block.id);
    if (twin !== undefined)
      throw bad(
        file,
        line,
        `block id "${block.id}" is already used at line ${twin.line}`,
        "give each block an id of its own",
      );
    blocks.push(block);
  }
  return blocks;
}

function readBlock(
  info: string,
  script: string,
  part: RunbookPart,
  line: number,
  file: string,
): RunbookBlock {
  const words = info.split(/\s+/).slice(1).filter(Boolean);
  const attributes = blockAttributesSchema.safeParse(
    Object.fromEntries(words.map((word) => splitAttribute(word))),
  );
  if (!attributes.success)
    throw bad(file, line, describeIssues(attributes.error), "write ```sh id=copy-files component=files");
  const { id, component, timeout, role } = attributes.data;
  return { part, id, components: component.split(","), timeoutMs: timeout * 1000, role, script, line };
}

function splitAttribute(word: string): [string, string] {
  const equals = word.indexOf("=");
  return equals < 0 ? [word, ""] : [word.slice(0, equals), word.slice(equals + 1)];
}

function ensureParts(blocks: readonly RunbookBlock[], file: string): void {
  for (const [heading, part] of [
    ["Back up", "backup"],
    ["Restore", "restore"],
  ] as const) {
    if (!blocks.some((block) => block.part === part)) {
      throw bad(
        file,
        1,
        `the part "${heading}" has no sh block`,
        `write a heading "## ${heading}" with at least one sh block below it`,
      );
    }
  }
  if (!blocks.some((block) => block.part === "restore" && block.components.includes("api"))) {
    throw bad(
      file,
      1,
      "no block of Restore names component=api",
      "the block that starts the application has component=api: the data is looked at just before it",
    );
  }
}

function describeIssues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join(".") || "it"}: ${issue.message}`).join("; ");
}

function bad(file: string, line: number, message: string, hint: string): MusterError {
  return new MusterError("BAD_RUNBOOK", { message: `${file}:${line}: ${message}`, hint });
}

/**
 * Restore blocks before the application is started, and the rest. The rest begins with the first block that names `api`
 * after any block that names another component, so that "stop the application" may come first.
 */
export function splitRestore(runbook: Runbook): {
  readonly putBack: readonly RunbookBlock[];
  readonly start: readonly RunbookBlock[];
} {
  const restore = runbook.blocks.filter((block) => block.part === "restore");
  const firstData = restore.findIndex((block) =>
    block.components.some((component) => component !== "api" && component !== "set"),
  );
  const start = restore.findIndex((block, index) => index > firstData && block.components.includes("api"));
  const at = start < 0 ? restore.length : start;
  return { putBack: restore.slice(0, at), start: restore.slice(at) };
}
