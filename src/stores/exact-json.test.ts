import { expect, test } from "vitest";
import { exactNumber, parseExactJson } from "./exact-json.ts";

test("a key of a fourth partition keeps every digit", () => {
  expect(parseExactJson('{"key":9007199254740993,"small":7,"share":0.5}')).toEqual({
    key: "9007199254740993",
    small: 7,
    share: 0.5,
  });
});

test("digits inside a text are no number", () => {
  expect(parseExactJson('["9007199254740993", 1e30]')).toEqual(["9007199254740993", 1e30]);
});

test("a key is written with every digit", () => {
  expect(JSON.stringify({ key: exactNumber("9007199254740993") })).toBe('{"key":9007199254740993}');
});
