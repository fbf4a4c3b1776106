import type { Report } from "../core/report.ts";
import { escape, list, section, table } from "./html-parts.ts";
import { checkSection, controlSection, timelineSection } from "./html-sections.ts";
import { styleSheet } from "./html-style.ts";
import { resultWords, secondsOf } from "./words.ts";

/** One page in one file: no network, readable without scripts, in light and dark, on paper and on a phone. */
export function renderHtml(report: Report): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(`${resultWords[report.result]}: ${report.drill}`)}</title>
<style>${styleSheet}</style>
</head>
<body>
<header class="${report.result}">
<p class="drill">${escape(report.systemTitle)} · ${escape(report.drill)} · ${escape(report.mode)}, ${escape(report.variant)}</p>
<h1>${resultWords[report.result]}</h1>
<p class="because">${escape(report.because)}</p>
<p class="when"><time datetime="${report.startedAt}">${escape(report.startedAt)}</time> · seed ${report.seed} · scale ${escape(report.scale)} · Muster ${escape(report.musterVersion)}</p>
</header>
<main>
${figures(report)}
${section("limits", "What this run does not prove", list(report.limits))}
${checkSection(report)}
${controlSection(report)}
${timelineSection(report)}
${countSection(report)}
${section(
  "objectives",
  "Objectives",
  table(
    ["Objective", "Target", "Measured", "Met"],
    report.objectives.map(({ id, target, measured, met }) => [
      escape(id),
      escape(target),
      escape(measured),
      met === null ? "could not tell" : met ? "yes" : "no",
    ]),
  ),
)}
${componentSection(report)}
${interventionSection(report)}
${evidenceSection(report)}
</main>
</body>
</html>
`;
}

function figures({ recovery, controls, checks }: Report): string {
  const judged = checks.reduce(
    (sum, { gates }) => sum + gates.reduce((inner, gate) => inner + gate.judged, 0),
    0,
  );
  const cells: readonly [string, string][] = [
    [secondsOf(recovery.rtoMs), "until the application answered"],
    [String(recovery.rpo.lostAcknowledged), "acknowledged writes lost"],
    [String(recovery.rpo.resurrected), "deleted records came back"],
    [
      controls.injected === 0 ? "none" : `${controls.caught} of ${controls.injected}`,
      "sabotaged restores noticed",
    ],
    [judged.toLocaleString("en"), "judgements made"],
  ];
  return `<section aria-label="Figures"><dl class="figures">${cells.map(([value, name]) => `<div><dt>${escape(name)}</dt><dd>${escape(value)}</dd></div>`).join("")}</dl></section>`;
}

function countSection({ counts, recovery }: Report): string {
  const shown = (value: number | null) => (value === null ? "–" : String(value));
  const records = table(
    ["Component", "Kind", "Baseline", "Restored", "Started"],
    counts.map(({ component, kind, baseline, restored, started }) => [
      escape(component),
      escape(kind),
      shown(baseline),
      shown(restored),
      shown(started),
    ]),
  );
  const loss = table(
    ["Component", "Lost", "Came back", "Unexplained", "Written after the cut", "Cut to last write"],
    recovery.rpo.perComponent.map((row) => [
      escape(row.component),
      String(row.lostAcknowledged),
      String(row.resurrected),
      String(row.unexplained),
      String(row.afterCut),
      secondsOf(row.windowMs),
    ]),
  );
  return section(
    "counts",
    "Records, by component and gate",
    `${records}<h3>What each component lost</h3>${loss}`,
  );
}

function componentSection({ components, runbook }: Report): string {
  const rows = components.map(({ id, store, service, image, digest, standIn }) => [
    escape(id),
    escape(store),
    escape(service),
    `<code>${escape(image)}</code>`,
    `<code>${escape(digest)}</code>`,
    standIn === undefined ? "the product itself" : `<strong>stand-in</strong>: ${escape(standIn)}`,
  ]);
  return section(
    "components",
    "What really ran",
    `${table(["Component", "Store", "Service", "Image", "Digest", "Is"], rows)}<p>Runbook <code>${escape(runbook.file)}</code>, sha256 <code>${escape(runbook.sha256)}</code></p>`,
  );
}

function interventionSection({ interventions }: Report): string {
  if (interventions.length === 0) return "";
  return section(
    "interventions",
    "Deliberate interventions",
    table(
      ["After", "Command", "Exit"],
      interventions.map(({ after, command, exitCode }) => [
        escape(after),
        `<code>${escape(command)}</code>`,
        String(exitCode),
      ]),
    ),
  );
}

function evidenceSection({ files, journal, runId }: Report): string {
  const rows = files.map(({ path, bytes, sha256 }) => [
    escape(path),
    String(bytes),
    `<code>${escape(sha256)}</code>`,
  ]);
  return section(
    "evidence",
    "Evidence",
    `<p>Run <code>${escape(runId)}</code>; journal of ${journal.entries} entries, head <code>${escape(journal.headHash)}</code>. <code>./muster check</code> on this folder repeats the verdict.</p><details><summary>${files.length} files</summary>${table(["File", "Bytes", "SHA-256"], rows)}</details>`,
  );
}
