import type { Report } from "../core/report.ts";
import { checkSection } from "./html-checks.ts";
import { controlSection } from "./html-controls.ts";
import {
  componentSection,
  evidenceSection,
  interventionSection,
  objectiveSection,
  stepSection,
} from "./html-evidence.ts";
import { badge, escape, section } from "./html-parts.ts";
import { countSection, recoverySection } from "./html-recovery.ts";
import { loadSection } from "./html-load.ts";
import { orderMatrixSection } from "./html-order-matrix.ts";
import { orderSection } from "./html-order.ts";
import { contentsOf, pageOf } from "./html-page.ts";
import { caseSection, scheduleSection } from "./html-schedules.ts";
import { timelineSection } from "./html-timeline.ts";
import { expectationWords, limitsOf, resultWords } from "./words.ts";

/**
 * One page in one file, readable without scripts: the result in words, what it does not prove, then all that it rests
 * on.
 */
export function renderHtml(report: Report): string {
  const sections = [
    limitSection(report),
    recoverySection(report),
    timelineSection(report),
    loadSection(report),
    countSection(report),
    checkSection(report),
    controlSection(report),
    orderMatrixSection(report),
    caseSection(report),
    scheduleSection(report),
    objectiveSection(report),
    orderSection(report),
    componentSection(report),
    stepSection(report),
    interventionSection(report),
    evidenceSection(report),
  ].filter((part) => part !== "");
  const body = `${headerOf(report)}
${contentsOf(sections)}
<main id="main">
${sections.join("\n")}
</main>
<footer>Made by Muster ${escape(report.musterVersion)} from the evidence of run ${escape(report.runId)} alone.</footer>`;
  return pageOf({ title: `${resultWords[report.result]}: ${report.drill}`, body });
}

function headerOf(report: Report): string {
  const about: readonly (readonly [string, string])[] = [
    ["mode", [report.mode, report.variant].filter((word) => word !== "").join(", ")],
    ["scale", report.scale],
    ["seed", String(report.seed)],
    ["began", `${report.startedAt.slice(0, 16).replace("T", " ")} UTC`],
    ["Muster", report.musterVersion],
  ];
  return `<header class="${report.result}">
<p class="drill">${escape(report.systemTitle)} · ${escape(report.drill)}</p>
<h1>${resultWords[report.result]}</h1>
<p class="because">${escape(report.because)}</p>
${expectationWords(report)
  .map((words) => `<p class="because">${escape(words)}</p>\n`)
  .join(
    "",
  )}<dl class="about">${about.map(([name, value]) => `<div><dt>${name}</dt><dd>${escape(value)}</dd></div>`).join("")}</dl>
</header>`;
}

function limitSection(report: Report): string {
  const items = limitsOf(report).map(
    ({ standIn, text }) => `<li>${standIn ? `${badge("stand-in")} ` : ""}${escape(text)}</li>`,
  );
  return section(
    "limits",
    "What this run does not prove",
    items.length === 0
      ? `<p class="none">No limit was declared.</p>`
      : `<ul class="limits">${items.join("\n")}</ul>`,
  );
}
