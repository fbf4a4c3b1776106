import fc from "fast-check";
import { RRuleTemporal } from "rrule-temporal";
import { Temporal } from "temporal-polyfill";
import { expect, test } from "vitest";
import { nextOccurrence, parseNaiveTime, type Rule } from "./recurrence.ts";

/** The same question put to another library. */
function oracle(text: string, since: Date, after: Date): Date | null {
  const zoned = (date: Date) =>
    Temporal.Instant.fromEpochMilliseconds(date.getTime()).toZonedDateTimeISO("UTC");
  const rule = new RRuleTemporal({ rruleString: `DTSTART:${stampOf(since)}\nRRULE:${text}` });
  const next = rule.next(zoned(after), false);
  return next === null ? null : new Date(next.epochMilliseconds);
}

function stampOf(date: Date): string {
  return `${date.toISOString().replaceAll(/[-:]/g, "").slice(0, 15)}Z`;
}

const second = 1000;
const day = 86_400 * second;
const begin = Date.parse("2026-01-01T00:00:00Z");
const seconds = (from: number, to: number) =>
  fc.integer({ min: from / second, max: to / second }).map((value) => new Date(value * second));
const instants = seconds(begin, begin + 400 * day);
const units = [
  ["hour", "HOURLY"],
  ["day", "DAILY"],
  ["week", "WEEKLY"],
  ["month", "MONTHLY"],
  ["year", "YEARLY"],
] as const;

test("the short form means what its rrule means, by another library", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...units),
      fc.integer({ min: 1, max: 5 }),
      fc.option(fc.integer({ min: 1, max: 40 })),
      instants,
      instants,
      ([unit, frequency], interval, count, since, after) => {
        const rule: Rule = { recurrence: `${interval} ${unit}s`, count, weekdays: null };
        const text = `FREQ=${frequency};INTERVAL=${interval}${count === null ? "" : `;COUNT=${count}`}`;
        expect(nextOccurrence(rule, { since, until: null }, after)).toEqual(oracle(text, since, after));
      },
    ),
    { numRuns: 300 },
  );
});

test("weekdays, too", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.constantFrom("mo", "tu", "we", "th", "fr", "sa", "su"), { minLength: 1 }),
      fc.integer({ min: 1, max: 3 }),
      instants,
      instants,
      (weekdays, interval, since, after) => {
        const rule: Rule = { recurrence: `${interval} weeks`, weekdays };
        // Weeks begin on Monday in both.
        const text = `FREQ=WEEKLY;INTERVAL=${interval};BYDAY=${weekdays.join(",").toUpperCase()};WKST=MO`;
        expect(nextOccurrence(rule, { since, until: null }, after)).toEqual(oracle(text, since, after));
      },
    ),
    { numRuns: 200 },
  );
});

test("an rrule means the same to both libraries", () => {
  const rules = [
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=MONTHLY;BYDAY=1MO",
    "FREQ=MONTHLY;BYMONTHDAY=-1",
    "FREQ=YEARLY;COUNT=2",
  ];
  fc.assert(
    fc.property(fc.constantFrom(...rules), instants, instants, (text, since, after) => {
      expect(nextOccurrence({ rrule: `RRULE:${text}` }, { since, until: null }, after)).toEqual(
        oracle(text, since, after),
      );
    }),
    { numRuns: 200 },
  );
});

test("the next occurrence lies after the instant, within the span, and nothing lies between", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 90 }),
      instants,
      instants,
      instants,
      (minutes, since, until, after) => {
        const rule: Rule = { recurrence: `${minutes} min` };
        const next = nextOccurrence(rule, { since, until }, after);
        const step = minutes * 60 * second;
        const steps = Math.max(0, Math.floor((after.getTime() - since.getTime()) / step) + 1);
        const expected = new Date(since.getTime() + steps * step);
        expect(next).toEqual(expected <= until ? expected : null);
      },
    ),
  );
});

test("occurrences are counted from the beginning: what was missed does not come later", () => {
  const since = parseNaiveTime("2026-03-01 04:00:00");
  const rule: Rule = { recurrence: "1 day", count: 3 };
  expect(nextOccurrence(rule, { since, until: null }, parseNaiveTime("2026-03-02 05:00:00"))).toEqual(
    parseNaiveTime("2026-03-03 04:00:00"),
  );
  expect(nextOccurrence(rule, { since, until: null }, parseNaiveTime("2026-03-03 04:00:00"))).toBeNull();
});

test("a single run is at its time, and never after it", () => {
  const since = parseNaiveTime("2026-03-01 04:00:00");
  expect(nextOccurrence({ count: 1 }, { since, until: null }, parseNaiveTime("2026-03-01 03:59:59"))).toEqual(
    since,
  );
  expect(nextOccurrence({ count: 1 }, { since, until: null }, since)).toBeNull();
});

test("a daily rule keeps its hour in UTC, so that the local hour moves with daylight saving", () => {
  const since = parseNaiveTime("2026-03-27 03:00:00");
  const hours = [27, 28, 29, 30].map((date) => {
    const next = nextOccurrence(
      { recurrence: "1 day" },
      { since, until: null },
      new Date(Date.UTC(2026, 2, date, 2)),
    );
    return next?.toLocaleTimeString("de-DE", {
      timeZone: "Europe/Berlin",
      hour: "2-digit",
      minute: "2-digit",
    });
  });
  expect(hours).toEqual(["04:00", "04:00", "05:00", "05:00"]);
});

test("what is no rule is refused", () => {
  const span = { since: parseNaiveTime("2026-03-01 04:00"), until: null };
  for (const rule of [
    { recurrence: "often" },
    { recurrence: "0 days" },
    { recurrence: "1 week", weekdays: ["someday"] },
    { rrule: "FREQ=SOMETIMES" },
    { count: 2 },
  ])
    expect(() => nextOccurrence(rule, span, span.since), JSON.stringify(rule)).toThrow();
  expect(() => parseNaiveTime("2026-03-01 04:00:00+02:00")).toThrow("not a legal time format");
  expect(() => parseNaiveTime("2026-13-01 04:00")).toThrow("not a legal time format");
});
