import { exitStatus, MusterError } from "../core/errors.ts";
import {
  verdictOfLint,
  verdictOfSet,
  type LintedSet,
  type SetLint,
  type SetVerdict,
} from "../core/set-lint.ts";
import { countWords, oneLine, shorten } from "../report/words.ts";
import type { Project } from "../run/project.ts";

const lineWidth = 150;
/** As wide as an id that is made of milliseconds. */
const nameWidth = 13;
/** Reasons that are shown of one set; all of them are in the JSON. */
const shownFindings = 12;
/** Sets whose reasons are shown, the newest first. */
const shownSets = 5;

const verdictWords: Readonly<Record<SetVerdict, string>> = {
  restorable: "restorable",
  "not-restorable": "not restorable",
  unknown: "cannot tell",
};

const statusOfVerdict: Readonly<Record<SetVerdict, number>> = {
  restorable: exitStatus.verified,
  "not-restorable": exitStatus.notVerified,
  unknown: exitStatus.inconclusive,
};

/**
 * Says of every backup set in a listing whether it could be restored as one whole, without any server. The newest set
 * decides the exit status: 0 restorable, 1 not, 2 nothing to judge or cannot tell, 3 a listing that cannot be read.
 */
export async function lintSetCommand(
  project: Project,
  systemId: string,
  paths: readonly string[],
  options: { readonly json?: boolean },
): Promise<number> {
  const { lintSet } = await project.loadSystem(systemId);
  if (lintSet === undefined) {
    throw new MusterError("BAD_ARGUMENT", {
      message: `the system "${systemId}" has no way to judge a listing of backup sets`,
      hint: "a drill judges a set by restoring it: ./muster run",
    });
  }
  const lint = await lintSet(paths);
  process.stdout.write(options.json === true ? renderLintJson(lint) : renderLint(lint));
  return statusOfVerdict[verdictOfLint(lint)];
}

function renderLintJson(lint: SetLint): string {
  const verdict = {
    verdict: verdictOfLint(lint),
    newest: lint.sets.at(-1)?.id ?? null,
    sets: lint.sets.map(({ takenMs, ...set }) => ({
      ...set,
      taken: timeOf(takenMs),
      verdict: verdictOfSet(set),
    })),
    notes: lint.notes,
    limits: lint.limits,
  };
  return `${JSON.stringify(verdict, null, 2)}\n`;
}

/** The answer first, then the table, then why. */
function renderLint(lint: SetLint): string {
  const newestFirst = lint.sets.toReversed();
  const lines = [
    "",
    headline(lint),
    "",
    ...tableOf(newestFirst),
    ...reasonLines(newestFirst),
    ...rows("notes", lint.notes.map(oneLine)),
    ...(lint.notes.length > 0 ? [""] : []),
    ...rows("not proven", lint.limits),
  ];
  return `${lines.join("\n")}\n`;
}

function headline(lint: SetLint): string {
  const newest = lint.sets.at(-1);
  if (newest === undefined) return "NOTHING TO JUDGE  the listing names no backup set";
  const restorable = lint.sets.filter((set) => verdictOfSet(set) === "restorable").map(({ id }) => id);
  const points = restorable.length === 0 ? "none" : restorable.toReversed().slice(0, 10).join(", ");
  const count = countWords(lint.sets.length, "set");
  return `${verdictWords[verdictOfSet(newest)].toUpperCase()}  newest set ${newest.id}\n  ${count}, restorable: ${points}${restorable.length > 10 ? ", …" : ""}`;
}

function tableOf(sets: readonly LintedSet[]): string[] {
  const names = [...new Set(sets.flatMap(({ components }) => components.map(({ component }) => component)))];
  if (sets.length === 0) return [];
  const heldOf = (set: LintedSet, name: string) =>
    set.components.find(({ component }) => component === name)?.held ?? "–";
  const table = [
    ["set", "taken", ...names, "verdict"],
    ...sets.map((set) => [
      set.id,
      timeOf(set.takenMs) ?? "not known",
      ...names.map((name) => heldOf(set, name)),
      verdictWords[verdictOfSet(set)],
    ]),
  ];
  const widths = (table[0] ?? []).map((_, at) => Math.max(...table.map((cells) => cells[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd();
  return [...table.map((cells) => `  ${line(cells)}`), ""];
}

function reasonLines(newestFirst: readonly LintedSet[]): string[] {
  const broken = newestFirst.filter(({ findings }) => findings.length > 0);
  const hidden = broken.length - shownSets;
  return [
    ...broken.slice(0, shownSets).flatMap(({ id, findings }) => {
      const more = findings.length - shownFindings;
      const shown = findings
        // What decides stands before what is only not known.
        .toSorted((left, right) => Number(left.kind === "doubt") - Number(right.kind === "doubt"))
        .slice(0, shownFindings)
        .map(({ subject, problem }) => shorten(oneLine(`${subject}: ${problem}`), lineWidth));
      return [...rows(id, more > 0 ? [...shown, `and ${more} more with --json`] : shown), ""];
    }),
    ...(hidden > 0 ? [`  and ${countWords(hidden, "more set")} with --json`, ""] : []),
  ];
}

/** Lines under one name: the name stands beside the first. */
function rows(name: string, lines: readonly string[]): string[] {
  return lines.map((line, at) => `  ${(at === 0 ? name : "").padEnd(nameWidth)}  ${line}`);
}

function timeOf(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}
