import fc from "fast-check";
import { expect, test } from "vitest";
import { businessId, findMarker, findRawMarker, markerText, ownMarker, recordKinds } from "./marker.ts";

const markers = fc.record({
  kind: fc.constantFrom(...recordKinds),
  number: fc.integer({ min: 0, max: 999_999 }),
  seq: fc.integer({ min: 0, max: 999_999 }),
});

test("a marker is found again wherever it stands in a text", () => {
  fc.assert(
    fc.property(markers, fc.string(), ({ kind, number, seq }, around) => {
      const id = businessId(kind, number);
      expect(findMarker(`${markerText(id, seq)} ${around}`)).toEqual({ kind, id, seq });
    }),
  );
});

test("a marker is found in raw bytes, with and without the high bit on its last character", () => {
  fc.assert(
    fc.property(markers, ({ kind, number, seq }) => {
      const id = businessId(kind, number);
      const ascii = Buffer.from(markerText(id, seq), "latin1");
      const ended = Buffer.from(ascii);
      ended.writeUInt8((ended.at(-1) ?? 0) | 0x80, ended.length - 1);
      for (const cell of [
        ascii,
        ended,
        Buffer.concat([Buffer.from([0x54, 0x81]), ended, Buffer.from([0x9f])]),
        Buffer.concat([ascii, Buffer.from(" größe")]),
      ]) {
        expect(findRawMarker(cell)).toEqual({ kind, id, seq });
      }
    }),
  );
});

test("texts that only look like a marker are none", () => {
  expect(findMarker("muster:case-12345:000001")).toBeUndefined();
  expect(findMarker("muster:folder-000001:000001")).toBeUndefined();
  expect(findMarker("muster:case-000001:0000010")).toBeUndefined();
});

test("a number that does not fit is refused instead of being cut", () => {
  expect(() => businessId("case", 1_000_000)).toThrow(RangeError);
  expect(() => markerText("case-000001", 1_000_000)).toThrow(RangeError);
});

test("a user that names its organisation has its own marker", () => {
  const organisation = findMarker("muster:organisation-000001:000002");
  const user = findMarker("muster:user-000003:000009");
  expect(ownMarker([undefined, organisation, user])).toEqual(user);
  expect(ownMarker([organisation, undefined])).toEqual(organisation);
});
