import type { Report } from "../core/report.ts";
import { escape, section } from "./html-parts.ts";
import { durationWords } from "./words.ts";

const trackUnits = 1000;
const tickCount = 5;

interface Bar {
  readonly beganAt: number;
  readonly durationMs: number;
  readonly title: string;
  readonly failed: boolean;
}

interface Lane {
  readonly name: string;
  readonly detail: string;
  readonly tone: string;
  readonly bars: readonly Bar[];
}

/** When what was done: one lane for each phase and component, then the recovery time step by step. */
export function timelineSection(report: Report): string {
  const whole = lanesOfSteps(report);
  const recovery = lanesOfRecovery(report);
  if (whole.length === 0) return "";
  return section(
    "timeline",
    "Timeline",
    `<p class="soft">One lane for each phase and component, on one scale; lengths are sums of the lane's steps. Each step is listed below.</p>${lanesOf(whole, "The run by phase and component")}${
      recovery.length === 0
        ? ""
        : `<h3>Where the recovery time went</h3>${lanesOf(recovery, "The restore step by step")}`
    }`,
  );
}

function lanesOfSteps({ steps }: Report): Lane[] {
  const done = steps.flatMap(({ phase, id, component, beganAt, durationMs, exitCode }) =>
    beganAt === null
      ? []
      : [
          {
            phase,
            component,
            bar: {
              beganAt,
              durationMs: durationMs ?? 0,
              title: `${id}: ${durationWords(durationMs)}`,
              failed: exitCode !== null && exitCode !== 0,
            },
          },
        ],
  );
  const grouped = Map.groupBy(done, ({ phase, component }) => JSON.stringify([phase, component]));
  return [...grouped.values()].flatMap((items) => {
    const first = items[0];
    return first === undefined
      ? []
      : [
          {
            name: first.phase,
            detail: first.component,
            tone: first.phase,
            bars: items.map(({ bar }) => bar),
          },
        ];
  });
}

function lanesOfRecovery({ recovery, steps }: Report): Lane[] {
  const failed = new Set(
    steps
      .filter(({ exitCode }) => exitCode !== null && exitCode !== 0)
      .map(({ id, beganAt }) => `${beganAt} ${id}`),
  );
  return recovery.phases.map(({ id, component, beganAt, durationMs }) => ({
    name: id,
    detail: component,
    tone: "restore",
    bars: [{ beganAt, durationMs, title: id, failed: failed.has(`${beganAt} ${id}`) }],
  }));
}

function lanesOf(lanes: readonly Lane[], label: string): string {
  const bars = lanes.flatMap((lane) => lane.bars);
  const beganAt = Math.min(...bars.map((bar) => bar.beganAt));
  const wholeMs = Math.max(1, ...bars.map((bar) => bar.beganAt + bar.durationMs - beganAt));
  const ticks = Array.from({ length: tickCount }, (_, at) => durationWords((wholeMs * at) / (tickCount - 1)));
  const axis = `<li class="axis" aria-hidden="true"><span></span><span class="track ticks">${ticks.map((tick) => `<span>${tick}</span>`).join("")}</span><span class="time"></span></li>`;
  return `<ul class="lanes" aria-label="${escape(label)}">${axis}\n${lanes.map((lane) => laneOf(lane, { beganAt, wholeMs })).join("\n")}</ul>`;
}

function laneOf(
  { name, detail, tone, bars }: Lane,
  { beganAt, wholeMs }: { readonly beganAt: number; readonly wholeMs: number },
): string {
  const rects = bars.map((bar) => {
    const left = ((bar.beganAt - beganAt) / wholeMs) * trackUnits;
    // A step too short to see is still shown, and the last one must not begin outside the track.
    const width = Math.max(3, (bar.durationMs / wholeMs) * trackUnits);
    return `<rect${bar.failed ? ' class="failed"' : ""} x="${Math.min(left, trackUnits - width).toFixed(1)}" width="${width.toFixed(1)}" height="10"><title>${escape(bar.title)}</title></rect>`;
  });
  const totalMs = bars.reduce((total, bar) => total + bar.durationMs, 0);
  const failed = bars.some((bar) => bar.failed) ? " · failed" : "";
  return `<li><span>${escape(name)} <span class="where">${escape(detail)}</span></span><span class="track"><svg class="${escape(tone)}" viewBox="0 0 ${trackUnits} 10" preserveAspectRatio="none" aria-hidden="true">${rects.join("")}</svg></span><span class="time">${durationWords(totalMs)}${failed}</span></li>`;
}
