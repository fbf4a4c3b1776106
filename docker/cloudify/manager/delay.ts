import { longestTtlMs } from "./broker.ts";
import { badParameters } from "./errors.ts";
import type { Conformance } from "./config.ts";

/**
 * How long the broker keeps the message of a scheduled execution.
 * `seed`: never early, never refused: a farther time is capped, and armed again when the message comes out.
 * `code`: whole seconds rounded down, so up to one second early, and refused by the broker where it is negative or too large.
 */
export function ttlMs(due: Date, nowMs: number, conformance: Conformance): number {
  const leftMs = due.getTime() - nowMs;
  if (conformance === "code") return Math.floor(leftMs / 1000) * 1000;
  return Math.min(Math.max(0, Math.ceil(leftMs)), longestTtlMs);
}

const scheduledTime = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(?:([+-])(\d{2}):?(\d{2}))?$/;

/**
 * `YYYYMMDDHHMM±HHMM`; the stand-in also takes seconds before the offset, so that a drill need not wait for a full minute.
 * Without an offset: refused (`seed`), or taken as the server's own time (`code`).
 * @throws ApiError 400
 */
export function parseScheduledTime(text: string, conformance: Conformance): Date {
  const match = scheduledTime.exec(text);
  if (match === null || (match[7] === undefined && conformance === "seed"))
    throw badParameters(
      `${text} is not a legal value for \`scheduled_time\`: expected YYYYMMDDHHMM followed by the offset, such as 201801012230-0500`,
    );
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  if (match[7] === undefined) return new Date(year, month - 1, day, hour, minute, second);
  const offsetMinutes = (match[7] === "-" ? -1 : 1) * (Number(match[8]) * 60 + Number(match[9]));
  return new Date(Date.UTC(year, month - 1, day, hour, minute - offsetMinutes, second));
}
