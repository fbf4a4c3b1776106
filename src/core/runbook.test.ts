import { describe, expect, test } from "vitest";
import { MusterError } from "./errors.ts";
import { parseRunbook, splitRestore } from "./runbook.ts";

const head = "---\ntitle: T\nsystem: s\nmode: cold\nvariant: own\nsource: a page\n---\n";
const block = (id: string, component: string, rest = "") =>
  `\`\`\`sh id=${id} component=${component}${rest}\necho ${id}\n\`\`\`\n`;
const whole = `${head}## Back up\n${block("copy", "files")}## Restore\n${block("put-back", "files")}${block("start", "api")}`;

function errorOf(text: string): Pick<MusterError, "code" | "message" | "exitStatus"> {
  try {
    parseRunbook(text, "r.md");
  } catch (thrown) {
    if (thrown instanceof MusterError)
      return { code: thrown.code, message: thrown.message, exitStatus: thrown.exitStatus };
    throw thrown;
  }
  throw new Error("the runbook was accepted");
}

describe("a runbook", () => {
  test("gives its blocks with part, component, limit and line", () => {
    expect(parseRunbook(whole, "r.md").blocks[0]).toEqual({
      part: "backup",
      id: "copy",
      components: ["files"],
      timeoutMs: 600_000,
      role: "step",
      script: "echo copy",
      line: 9,
    });
  });

  test("with two blocks of one id is refused with both lines", () => {
    expect(errorOf(whole.replace("id=put-back", "id=copy"))).toEqual({
      code: "BAD_RUNBOOK",
      message: 'r.md:13: block id "copy" is already used at line 9',
      exitStatus: 3,
    });
  });

  test("without a part Restore is refused", () => {
    expect(errorOf(whole.replace("## Restore", "## Afterwards")).message).toContain(
      "stands outside the parts",
    );
    expect(errorOf(`${head}## Back up\n${block("copy", "files")}`).message).toContain(
      'the part "Restore" has no sh block',
    );
  });

  test("without a block that starts the application is refused", () => {
    expect(errorOf(whole.replace("component=api", "component=files")).message).toContain(
      "no block of Restore names component=api",
    );
  });

  test("with an unknown attribute is refused and the attribute named", () => {
    expect(
      errorOf(whole.replace("id=start component=api", "id=start component=api tiemout=3")).message,
    ).toContain("tiemout");
  });

  test("without front matter is refused", () => {
    expect(errorOf("# nothing").message).toContain("expected front matter");
  });

  test("that stops the application first still has its data put back before the application is started", () => {
    const text = `${head}## Back up\n${block("copy", "files")}## Restore\n${block("stop", "api")}${block("put-back", "files")}${block("start", "api")}`;
    const { putBack, start } = splitRestore(parseRunbook(text, "r.md"));
    expect([putBack.map(({ id }) => id), start.map(({ id }) => id)]).toEqual([
      ["stop", "put-back"],
      ["start"],
    ]);
  });
});
