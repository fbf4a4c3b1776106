import { isAsExpected, type ControlResult, type Report } from "../core/report.ts";
import { gates } from "../core/verdict.ts";

/** The result as the headline of every report. */
export const resultWords: Readonly<Record<Report["result"], string>> = {
  verified: "VERIFIED",
  "not-verified": "NOT VERIFIED",
  inconclusive: "COULD NOT TELL",
};

/** Moments at which something can be judged, in the order in which they are shown. */
export const shownGates = [...gates, "run"] as const;

/** A length of time for people: `251 ms`, `12.3 s`, `4 min 05 s`, `1 h 02 min`. */
export function durationWords(milliseconds: number | null): string {
  if (milliseconds === null) return "not measured";
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${twoDigits(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/** A whole number with its noun: `1 finding`, `1,204 findings`. */
export function countWords(count: number, noun: string, nouns = `${noun}s`): string {
  return `${numberWords(count)} ${count === 1 ? noun : nouns}`;
}

/** A whole number with separators, the same on every machine. */
export function numberWords(count: number): string {
  return count.toLocaleString("en-GB");
}

/** How a control ended, in a few words. */
export function controlWords(control: ControlResult): string {
  const gate = control.gate ?? "run";
  switch (control.outcome) {
    case "refused":
      return "refused by the runbook";
    case "caught":
      return `caught by ${(namedOf(control).length > 0 ? namedOf(control) : control.caughtBy).join(", ")} at ${gate}`;
    case "harmless":
      return "harmless: every invariant holds";
    case "misattributed":
      return `misattributed: found by ${control.caughtBy.join(", ") || "nothing named"} instead of ${control.expectedInvariants.join(", ")}`;
    case "missed":
      return `missed by ${control.expectedInvariants.join(", ") || "every invariant"}`;
    case "unknown":
      return "could not tell";
  }
}

/** Named invariants that had findings. */
function namedOf({ caughtBy, expectedInvariants }: ControlResult): string[] {
  return caughtBy.filter((id) => expectedInvariants.includes(id));
}

/** A count of losses; what nobody looked for is no zero. */
export function lossWords(count: number | null): string {
  return count === null ? "not measured" : numberWords(count);
}

/** Why loss is not known in full, in a sentence; nothing where every component was looked at after the restore. */
export function lossGap({ recovery }: Pick<Report, "recovery">): string | undefined {
  const { perComponent } = recovery.rpo;
  const unseen = perComponent.filter(({ lostAcknowledged }) => lostAcknowledged === null);
  if (unseen.length === perComponent.length) return "nothing was looked at after a restore";
  if (unseen.length === 0) return undefined;
  return `not looked at after the restore: ${unseen.map(({ component }) => oneLine(component)).join(", ")}`;
}

/** Whether the run ended as its drill says, in one sentence; nothing where the drill expects nothing. */
export function expectationWords(report: Pick<Report, "result" | "expected" | "checks">): string[] {
  const { expected } = report;
  if (expected === null) return [];
  const findings =
    expected.invariants.length === 0 ? "" : `, with findings by ${expected.invariants.join(", ")}`;
  const drill = `${resultWords[expected.result]}${findings}`;
  return [
    isAsExpected(report) === true
      ? `as expected by the drill: ${drill}`
      : `NOT as expected by the drill, which expects ${drill}`,
  ];
}

export interface Limit {
  readonly standIn: boolean;
  readonly text: string;
}

/** What a run does not prove, with each stand-in first and named, even where no limit mentions it. */
export function limitsOf({ components, limits }: Pick<Report, "components" | "limits">): Limit[] {
  const standIns = components.flatMap(({ id, standIn }) => (standIn === undefined ? [] : [{ id, standIn }]));
  const tellsOfStandIn = (text: string) =>
    standIns.some(({ id, standIn }) => text === `${id} is a stand-in: ${standIn}`);
  return [
    ...standIns.map(({ id, standIn }) => ({ standIn: true, text: `${id}: ${standIn}` })),
    ...limits.filter((text) => !tellsOfStandIn(text)).map((text) => ({ standIn: false, text })),
  ];
}

/**
 * Text of the subject as it can be shown anywhere: control characters (a terminal would obey them), characters that
 * turn the direction of writing (they can make one id look like another) and halves of characters are spelled out.
 * New lines and tabs stay.
 */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replaceAll("\r\n", "\n")
    .replaceAll(
      /(?![\n\t])[\p{Cc}\p{Bidi_Control}\p{Noncharacter_Code_Point}]/gu,
      (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
    );
}

/** `visible`, on one line. */
export function oneLine(text: string): string {
  return visible(text)
    .replaceAll(/[\n\t\u2028\u2029]+/g, " ")
    .trim();
}

/** The first line of a text, cut at a length. */
export function firstLine(text: string, limit = 160): string {
  return shorten(oneLine(text.trim().split("\n")[0] ?? ""), limit);
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Cuts at a length in characters as people count them, so that none is cut in half. */
export function shorten(text: string, limit: number): string {
  // Characters are never longer than their text: a short text needs no counting.
  if (text.length <= limit) return text;
  const characters = Array.from(segmenter.segment(text), ({ segment }) => segment);
  return characters.length > limit ? `${characters.slice(0, limit - 1).join("")}…` : text;
}
