import type { CheckResult, ControlResult, Report } from "../core/report.ts";
import { badge, escape, section, table } from "./html-parts.ts";
import { controlWords, secondsOf } from "./words.ts";

export function checkSection({ checks }: Report): string {
  const order = { fail: 0, unknown: 1, pass: 2 } as const;
  const rows = checks
    .toSorted((left, right) => order[left.verdict] - order[right.verdict])
    .map((check) => [
      `<span title="${escape(check.id)}">${escape(check.title)}</span><br><code>${escape(check.id)}</code>`,
      badge(check.verdict),
      escape(check.why),
    ]);
  const findings = checks.filter(({ findingCount }) => findingCount > 0).map(findingsOf);
  return section(
    "checks",
    "Checks",
    `${table(["Invariant", "Verdict", "Judged"], rows)}${findings.join("")}`,
  );
}

function findingsOf({ id, findings, findingCount }: CheckResult): string {
  const rows = findings.map((finding) => [
    `${escape(finding.kind)} <code>${escape(finding.subject)}</code>`,
    `${escape(finding.component)}<br>at ${finding.gate}`,
    escape(finding.expected),
    escape(finding.actual),
    escape(finding.because),
  ]);
  const more =
    findingCount > findings.length ? `<p>${findingCount - findings.length} more are not listed.</p>` : "";
  return `<details open><summary>${findingCount} finding${findingCount === 1 ? "" : "s"} by <code>${escape(id)}</code></summary>${table(["Record", "Where", "Expected", "Seen", "Because"], rows)}${more}</details>`;
}

export function controlSection({ controls }: Report): string {
  if (controls.injected === 0) return section("controls", "Controls", "<p>No control was run.</p>");
  const intro = `<p>Damaged copies of the set went through the same restore: ${controls.caught} of ${controls.injected} were refused or caught.</p>`;
  const rows = controls.list.map((control) => [
    `${escape(control.title)}<br><code>${escape(control.id)}</code>`,
    badge(control.outcome),
    escape(controlWords(control)),
    secondsOf(control.durationMs),
    controlDetails(control),
  ]);
  return section(
    "controls",
    "Controls: would damage have been noticed?",
    `${intro}${table(["Fault", "Outcome", "How", "Time", "What was changed, and what was said"], rows)}`,
  );
}

function controlDetails({ effects, why, sealed }: ControlResult): string {
  const changed = effects
    .map(
      ({ subject, before, after }) =>
        `<li><code>${escape(subject)}</code>: ${escape(before)} → ${escape(after)}</li>`,
    )
    .join("");
  return `${sealed ? "<p>The damage was there before the set was sealed: the runbook cannot see it.</p>" : ""}<p>${escape(why)}</p><details><summary>effect</summary><ul>${changed}</ul></details>`;
}

const barWidth = 100;

/** Every step with the time it took, as a bar on one scale of time. */
export function timelineSection({ steps, startedAt, endedAt }: Report): string {
  const begin = Date.parse(startedAt);
  const whole = Math.max(1, Date.parse(endedAt) - begin);
  const rows = steps.map((step) => {
    const left = step.beganAt === null ? 0 : ((step.beganAt - begin) / whole) * barWidth;
    const width = Math.max(0.4, ((step.durationMs ?? 0) / whole) * barWidth);
    const bar =
      step.beganAt === null
        ? ""
        : `<svg class="bar ${escape(step.phase)}" viewBox="0 0 ${barWidth} 6" preserveAspectRatio="none" aria-hidden="true"><rect x="${left.toFixed(2)}" width="${width.toFixed(2)}" height="6" rx="1"/></svg>`;
    return [
      `${escape(step.phase)} · ${escape(step.id)}`,
      escape(step.component),
      step.durationMs === null ? "not done" : secondsOf(step.durationMs),
      step.exitCode === null ? "–" : String(step.exitCode),
      `${bar}${step.message === "" ? "" : `<pre>${escape(step.message)}</pre>`}`,
    ];
  });
  return section(
    "timeline",
    "Steps as they were done",
    table(["Step", "Component", "Time", "Exit", "When"], rows),
  );
}
