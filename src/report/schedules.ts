import type { Report } from "../core/report.ts";
import { scheduleStates, type Lateness, type ScheduleResult } from "../core/report-parts.ts";
import { countWords, durationWords, numberWords } from "./words.ts";

const shownSchedules = 40;

const stateWords: Readonly<Record<ScheduleResult["state"], string>> = {
  repeated: "repeated",
  lost: "lost",
  unknown: "not watched",
  late: "late",
  refused: "refused",
  "on-time": "on time",
  "going-on": "going on",
  ended: "ended",
  "not-due": "not yet due",
  gone: "gone with what came after the backup",
};

export interface ScheduleRow {
  readonly id: string;
  readonly policy: string;
  readonly dueAt: number;
  readonly firedAt: number | null;
  readonly executed: string;
  readonly lateness: string;
  readonly state: string;
}

/** What a report shows of schedules: the serious ones first, a limited number of them, and all of them counted. */
export function shownSchedulesOf({ schedules }: Pick<Report, "schedules">): {
  readonly rows: readonly ScheduleRow[];
  readonly more: number;
} {
  const sorted = schedules.toSorted(
    (left, right) => scheduleStates.indexOf(left.state) - scheduleStates.indexOf(right.state),
  );
  const rows = sorted.slice(0, shownSchedules).map((schedule) => ({
    id: schedule.id,
    policy: schedule.policy,
    dueAt: schedule.dueAt,
    firedAt: schedule.firedAt,
    executed: countWords(schedule.firings, "time"),
    lateness: schedule.latenessMs === null ? "–" : durationWords(Math.max(0, schedule.latenessMs)),
    state: stateWords[schedule.state],
  }));
  return { rows, more: schedules.length - rows.length };
}

/** All schedules in one sentence: how many in each state, the worst lateness, and effects that happened twice. */
export function scheduleWords({ schedules }: Pick<Report, "schedules">): string {
  const counts = scheduleStates.flatMap((state) => {
    const count = schedules.filter((schedule) => schedule.state === state).length;
    return count === 0 || state === "repeated" ? [] : [`${numberWords(count)} ${stateWords[state]}`];
  });
  const latenesses = schedules.flatMap(({ latenessMs }) => (latenessMs === null ? [] : [latenessMs]));
  const worst =
    latenesses.length === 0 ? "none since the restore" : durationWords(Math.max(0, ...latenesses));
  const repeated = schedules.filter(({ state }) => state === "repeated").length;
  return [
    [`${numberWords(schedules.length)} in all`, ...counts].join(", "),
    `worst lateness ${worst}`,
    countWords(repeated, "repeated effect"),
  ].join("; ");
}

/** A span of lateness for people: `early`, `up to 50 ms`, `50 ms to 100 ms`, `more than 10.0 s`. */
export function spanWords({ fromMs, toMs }: Lateness["spans"][number]): string {
  if (fromMs === null) return "early";
  if (toMs === null) return `more than ${durationWords(fromMs)}`;
  return fromMs === 0 ? `up to ${durationWords(toMs)}` : `${durationWords(fromMs)} to ${durationWords(toMs)}`;
}

/** How late executions were, in one sentence. */
export function latenessWords({ count, early, p50Ms, p95Ms, p99Ms, maxMs }: Lateness): string {
  const words = (milliseconds: number) =>
    milliseconds < 0 ? `${durationWords(-milliseconds)} early` : durationWords(milliseconds);
  return [
    `${countWords(count, "execution")} since the restore, ${numberWords(early)} of them early`,
    `half within ${words(p50Ms)}, 95 % within ${words(p95Ms)}, 99 % within ${words(p99Ms)}, all within ${words(maxMs)}`,
  ].join("; ");
}
