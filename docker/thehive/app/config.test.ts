import { expect, test } from "vitest";
import { parseSettings } from "./config.ts";

test("keys are read alike from lines, from blocks and from blocks within blocks", () => {
  const text = [
    'play.http.secret.key="a=b#c"',
    "index.search {",
    '  url = "http://elasticsearch:9200" // where',
    "  limits {",
    "    pages: 5 # many",
    "  }",
    "}",
    "last = 1",
  ].join("\n");

  expect(Object.fromEntries(parseSettings(text))).toEqual({
    "play.http.secret.key": "a=b#c",
    "index.search.url": "http://elasticsearch:9200",
    "index.search.limits.pages": "5",
    last: "1",
  });
});

test("a quoted value keeps its escaped quotes, and the first text of a list is its value", () => {
  expect(Object.fromEntries(parseSettings('a = "say \\"hi\\" \\\\"\nhosts = ["one", "two"]'))).toEqual({
    a: 'say "hi" \\',
    hosts: "one",
  });
});

test("comments, blank lines and includes say nothing", () => {
  expect([...parseSettings('# a = 1\n\n// b = 2\ninclude "secret.conf"\n')]).toEqual([]);
});

test("a line that is no setting is refused by its number, not by its content, which may be a secret", () => {
  expect(() => parseSettings('a = 1\n"secret')).toThrow("Configuration error: cannot read line 2");
});
