import fc from "fast-check";
import { expect, test } from "vitest";
import { longestTtlMs } from "./broker.ts";
import { parseScheduledTime, ttlMs } from "./delay.ts";

const now = Date.parse("2026-03-13T03:00:00.000Z");
const instants = fc.date({
  min: new Date("2000-01-01T00:00:00Z"),
  max: new Date("2099-12-31T23:59:59Z"),
  noInvalidDate: true,
});

test("seed: a message is never out before its time, and the broker never refuses its TTL", () => {
  fc.assert(
    fc.property(instants, instants, (due, at) => {
      const ttl = ttlMs(due, at.getTime(), "seed");
      expect(Number.isInteger(ttl)).toBe(true);
      expect(ttl).toBeGreaterThanOrEqual(0);
      expect(ttl).toBeLessThanOrEqual(longestTtlMs);
      if (ttl < longestTtlMs) expect(at.getTime() + ttl).toBeGreaterThanOrEqual(due.getTime());
    }),
  );
});

test("code: a message is out up to one second early, and never later than its time", () => {
  fc.assert(
    fc.property(instants, instants, (due, at) => {
      const early = due.getTime() - (at.getTime() + ttlMs(due, at.getTime(), "code"));
      expect(early).toBeGreaterThanOrEqual(0);
      expect(early).toBeLessThan(1000);
    }),
  );
});

test("a time in the past is at once in seed, and a TTL that the broker refuses in code", () => {
  expect(ttlMs(new Date(now - 1), now, "seed")).toBe(0);
  expect(ttlMs(new Date(now - 1), now, "code")).toBe(-1000);
});

test("a time further than ten years is capped in seed, and a TTL that the broker refuses in code", () => {
  const due = new Date(now + longestTtlMs + 5000);
  expect(ttlMs(due, now, "seed")).toBe(longestTtlMs);
  expect(ttlMs(due, now, "code")).toBeGreaterThan(longestTtlMs);
});

test("the documented form is one instant, whatever the offset", () => {
  expect(parseScheduledTime("202611202230-0500", "seed").toISOString()).toBe("2026-11-21T03:30:00.000Z");
  expect(parseScheduledTime("202003130400+0000", "seed").toISOString()).toBe("2020-03-13T04:00:00.000Z");
  expect(parseScheduledTime("20200313040007+0530", "seed").toISOString()).toBe("2020-03-12T22:30:07.000Z");
});

test("an hour that a change of daylight saving skips or doubles is one instant, by its offset", () => {
  // Berlin 2026: 02:30 does not exist on 29 March, and comes twice on 25 October.
  expect(parseScheduledTime("202603290230+0100", "seed").toISOString()).toBe("2026-03-29T01:30:00.000Z");
  expect(parseScheduledTime("202610250230+0200", "seed").toISOString()).toBe("2026-10-25T00:30:00.000Z");
  expect(parseScheduledTime("202610250230+0100", "seed").toISOString()).toBe("2026-10-25T01:30:00.000Z");
});

test("any instant written with any offset is read back", () => {
  fc.assert(
    fc.property(instants, fc.integer({ min: -14 * 60, max: 14 * 60 }), (instant, offsetMinutes) => {
      const whole = Math.floor(instant.getTime() / 1000) * 1000;
      const local = new Date(whole + offsetMinutes * 60_000);
      const digits = local.toISOString().replaceAll(/[-:T]/g, "").slice(0, 14);
      const two = (value: number) => String(value).padStart(2, "0");
      const size = Math.abs(offsetMinutes);
      const offset = `${offsetMinutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}${two(size % 60)}`;
      expect(parseScheduledTime(`${digits}${offset}`, "seed").getTime()).toBe(whole);
    }),
  );
});

test("without an offset: refused in seed, the server's own time in code", () => {
  expect(() => parseScheduledTime("202611202230", "seed")).toThrow("not a legal value");
  expect(parseScheduledTime("202611202230", "code")).toEqual(new Date(2026, 10, 20, 22, 30));
  expect(() => parseScheduledTime("in one hour", "code")).toThrow("not a legal value");
});
