// oxlint-disable-next-line import/default -- to Node it is CommonJS, whose only export is the default; the linter reads its other build
import rruleModule, { type Frequency } from "rrule";
import { badParameters } from "./errors.ts";

const { RRule, rrulestr, Weekday } = rruleModule;

/** A schedule's rule as it is stored: an iCalendar text, or the short form; neither is a single occurrence. */
export interface Rule {
  readonly rrule?: string | null;
  /** Such as `2 weeks`. */
  readonly recurrence?: string | null;
  /** Occurrences in all, counted from `since`. */
  readonly count?: number | null;
  /** Such as `mo`, or `1mo` and `-1fr` in a month. */
  readonly weekdays?: readonly string[] | null;
}

interface Span {
  readonly since: Date;
  readonly until: Date | null;
}

const recurrencePattern = /^(\d+)\s*(sec(?:ond)?|min(?:ute)?|hour|day|week|mo(?:nth)?|y(?:ear)?)s?$/;
const frequencies: Readonly<Record<string, Frequency>> = {
  sec: RRule.SECONDLY,
  second: RRule.SECONDLY,
  min: RRule.MINUTELY,
  minute: RRule.MINUTELY,
  hour: RRule.HOURLY,
  day: RRule.DAILY,
  week: RRule.WEEKLY,
  mo: RRule.MONTHLY,
  month: RRule.MONTHLY,
  y: RRule.YEARLY,
  year: RRule.YEARLY,
};
const dayNames = ["mo", "tu", "we", "th", "fr", "sa", "su"];
const weekdayPattern = /^([+-]?[1-5])?(mo|tu|we|th|fr|sa|su)$/;

/**
 * The first occurrence after an instant, in UTC; null where there is none any more. Occurrences are counted from `since`, so
 * what was missed is not made up for. A rule without time zone: across a change of daylight saving the local hour moves.
 * @throws ApiError 400 for a rule that cannot be
 */
export function nextOccurrence(rule: Rule, span: Span, after: Date): Date | null {
  const found = ruleOf(rule, span).after(after, false);
  return found !== null && span.until !== null && found > span.until ? null : found;
}

function ruleOf(rule: Rule, { since, until }: Span) {
  const limits = { dtstart: since, ...(until === null ? {} : { until }) };
  if (typeof rule.rrule === "string" && rule.rrule !== "") {
    try {
      const { origOptions } = rrulestr(rule.rrule.replace(/^RRULE:/, ""));
      return new RRule({ ...origOptions, ...limits, ...earlier(origOptions.until, until) });
    } catch (thrown) {
      throw badParameters(`\`${rule.rrule}\` is not a legal rrule: ${String(thrown)}`);
    }
  }
  const count = typeof rule.count === "number" ? { count: rule.count } : {};
  if (typeof rule.recurrence !== "string" || rule.recurrence === "") {
    if (rule.count !== 1 && rule.count !== undefined && rule.count !== null)
      throw badParameters("recurrence must be specified for execution count larger than 1");
    return new RRule({ ...limits, freq: RRule.DAILY, count: 1 });
  }
  const [, size, unit = ""] = recurrencePattern.exec(rule.recurrence.trim()) ?? [];
  const freq = frequencies[unit];
  if (freq === undefined || Number(size) < 1)
    throw badParameters(
      `\`${rule.recurrence}\` is not a legal recurrence expression. Supported format is: <number> <unit>, such as 2 weeks`,
    );
  const weekdays = (rule.weekdays ?? []).map(weekdayOf);
  return new RRule({
    ...limits,
    ...count,
    freq,
    interval: Number(size),
    ...(weekdays.length === 0 ? {} : { byweekday: weekdays }),
  });
}

function earlier(own: Date | null | undefined, given: Date | null): { until?: Date } {
  const [first] = [own, given]
    .filter((date) => date instanceof Date)
    .toSorted((a, b) => a.getTime() - b.getTime());
  return first === undefined ? {} : { until: first };
}

function weekdayOf(text: string) {
  const [, position, name = ""] = weekdayPattern.exec(text.trim().toLowerCase()) ?? [];
  if (name === "") throw badParameters(`\`${text}\` is not a legal weekday expression`);
  const day = dayNames.indexOf(name);
  return position === undefined ? new Weekday(day) : new Weekday(day, Number(position));
}

const naive = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)Z?$/;

/** A time without zone, which is UTC. @throws ApiError 400 */
export function parseNaiveTime(text: string): Date {
  const [, day, time] = naive.exec(text.trim()) ?? [];
  const instant = new Date(`${day}T${time}Z`);
  if (day === undefined || Number.isNaN(instant.getTime()))
    throw badParameters(`${text} is not a legal time format: expected YYYY-MM-DD HH:MM:SS in UTC`);
  return instant;
}
