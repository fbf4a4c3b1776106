import type { Report } from "../core/report.ts";
import { gates } from "../core/verdict.ts";
import { laneChart, type Lane } from "./chart.ts";
import { criticalPathOf, waitingMsOf } from "./critical-path.ts";
import { escape, section } from "./html-parts.ts";
import { countWords, durationWords, oneLine } from "./words.ts";

interface Done {
  readonly phase: string;
  readonly id: string;
  readonly components: readonly string[];
  readonly beganAt: number;
  readonly durationMs: number;
  readonly failed: boolean;
}

const colors: Readonly<Record<string, string>> = {
  backup: "var(--backup)",
  restore: "var(--restore)",
  observe: "var(--observe)",
};

/** When what was done: one lane for each phase and component, then the recovery time step by step. */
export function timelineSection(report: Report): string {
  const done = doneOf(report);
  if (done.length === 0) return "";
  const restore = done.filter(({ phase }) => phase === "restore");
  return section(
    "timeline",
    "Timeline",
    `<p class="soft">One lane for each phase and component, on one scale; a step of several components stands in each of their lanes. Times at the end of a lane are sums. Each step is listed below.</p>${pathWords(done, "run")}${laneChart(lanesByComponent(done), "The run by phase and component; every step with its time is in the table of steps")}${
      restore.length === 0
        ? ""
        : `<h3>Where the recovery time went</h3>${pathWords(restore, "restore")}${laneChart(lanesByStep(restore), "The restore step by step; every step with its time is in the table of steps")}`
    }`,
  );
}

/** A watch that goes on beside the steps is waited for by none of them: only looks at a gate are. */
function awaitedPathOf(done: readonly Done[]): Done[] {
  return criticalPathOf(done.filter(({ phase, id }) => phase !== "observe" || isGate(id)));
}

function isGate(id: string): boolean {
  return gates.some((gate) => gate === id);
}

function doneOf({ steps }: Report): Done[] {
  return steps.flatMap(({ phase, id, component, beganAt, durationMs, exitCode }) =>
    beganAt === null
      ? []
      : [
          {
            phase,
            id,
            components: component.split(",").map((name) => name.trim()),
            beganAt,
            durationMs: durationMs ?? 0,
            failed: exitCode !== null && exitCode !== 0,
          },
        ],
  );
}

/** The critical path in a sentence: how long it is, what of it was work, and which steps take most of it. */
function pathWords(done: readonly Done[], what: string): string {
  const path = awaitedPathOf(done);
  const waitingMs = waitingMsOf(path);
  const workMs = path.reduce((total, { durationMs }) => total + durationMs, 0);
  const longest = path
    .toSorted((left, right) => right.durationMs - left.durationMs)
    .slice(0, 3)
    .map(({ id, durationMs }) => `${oneLine(id)} ${durationWords(durationMs)}`);
  const beside = done.length - path.length;
  const rest =
    beside === 0
      ? "no two steps overlapped"
      : `${countWords(beside, "step")} beside it ${beside === 1 ? "is" : "are"} pale`;
  return `<p>Critical path of the ${what}: ${durationWords(workMs + waitingMs)}, of which ${durationWords(workMs)} in ${countWords(path.length, "step")} (longest: ${escape(longest.join(", "))}) and ${durationWords(waitingMs)} between them; ${rest}.</p>`;
}

function lanesByComponent(done: readonly Done[]): Lane[] {
  const path = new Set(awaitedPathOf(done));
  const placed = done.flatMap((step) => step.components.map((component) => ({ step, component })));
  const grouped = Map.groupBy(placed, ({ step, component }) => `${step.phase} · ${component}`);
  return [...grouped].map(([name, items]) =>
    laneOf(
      name,
      items.map(({ step }) => step),
      path,
    ),
  );
}

function lanesByStep(done: readonly Done[]): Lane[] {
  const path = new Set(awaitedPathOf(done));
  return done.map((step) => laneOf(step.id, [step], path));
}

function laneOf(name: string, steps: readonly Done[], path: ReadonlySet<Done>): Lane {
  const totalMs = steps.reduce((total, { durationMs }) => total + durationMs, 0);
  const failed = steps.some((step) => step.failed) ? " · failed" : "";
  return {
    name: oneLine(name),
    note: `${durationWords(totalMs)}${failed}`,
    bars: steps.map((step) => ({
      beganAt: step.beganAt,
      durationMs: step.durationMs,
      color: step.failed ? "var(--bad)" : (colors[step.phase] ?? "var(--bar)"),
      pale: !path.has(step),
    })),
  };
}
