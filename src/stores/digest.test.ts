import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalText, digestOf, FramedDigest } from "./digest.ts";

test("the order of keys and members without a value change no digest", () => {
  expect(canonicalText({ b: [2, { d: null, c: "é" }], a: 1, gone: undefined })).toBe(
    '{"a":1,"b":[2,{"c":"é","d":null}]}',
  );
  expect(digestOf({ a: 1, b: 2 })).toBe(digestOf({ b: 2, a: 1 }));
});

test("canonical text is JSON of the same value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalText(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("two sequences of the same bytes with other borders have other digests", () => {
  const digestOfParts = (parts: readonly string[]) => {
    const digest = new FramedDigest();
    for (const part of parts) digest.add(Buffer.from(part));
    return digest.end();
  };
  expect(digestOfParts(["ab", "c"])).not.toBe(digestOfParts(["a", "bc"]));
  expect(digestOfParts(["ab", "c"])).toBe(digestOfParts(["ab", "c"]));
});
