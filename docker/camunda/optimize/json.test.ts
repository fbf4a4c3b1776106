import { expect, test } from "vitest";
import { asKey, parseJson } from "./json.ts";

test("a key of partition 4 keeps all its digits, and numbers that fit stay numbers", () => {
  const text = '{"key":9007199254740993,"low":-9223372036854775808,"position":119,"share":0.5,"wide":1e300}';

  expect(parseJson(text)).toEqual({
    key: "9007199254740993",
    low: "-9223372036854775808",
    position: 119,
    share: 0.5,
    wide: 1e300,
  });
});

test("digits inside a text are left alone", () => {
  expect(parseJson('{"value":"9007199254740993","list":[9007199254740995]}')).toEqual({
    value: "9007199254740993",
    list: ["9007199254740995"],
  });
});

test("a key is a text however it came, and -1 is no key", () => {
  expect([2_251_799_813_685_252, "9007199254740993", -1, "-1", "", null, "x"].map(asKey)).toEqual([
    "2251799813685252",
    "9007199254740993",
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
