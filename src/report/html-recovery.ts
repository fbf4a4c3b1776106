import type { Report } from "../core/report.ts";
import { clockTime, escape, section, table } from "./html-parts.ts";
import { durationWords, lossGap, lossWords, numberWords } from "./words.ts";

interface Figure {
  readonly tone: "" | "good" | "bad" | "odd";
  readonly value: string;
  readonly name: string;
}

/** Time and loss as figures, then loss by component. */
export function recoverySection(report: Report): string {
  const { rtoMs, rpo } = report.recovery;
  const gap = lossGap(report);
  const loss = (count: number | null, name: string): Figure => ({
    tone: count === null ? "odd" : count === 0 ? "good" : "bad",
    value: lossWords(count),
    name,
  });
  const figures: Figure[] = [
    { tone: rtoMs === null ? "odd" : "", value: durationWords(rtoMs), name: "recovery time (RTO)" },
    loss(rpo.lostAcknowledged, "acknowledged writes lost"),
    loss(rpo.resurrected, "deleted records that came back"),
    loss(rpo.unexplained, "unexplained records"),
    {
      tone: rpo.windowMs === null ? "odd" : "",
      value: durationWords(rpo.windowMs),
      name: "widest window of loss (RPO)",
    },
    controlFigure(report),
  ];
  const cells = figures.map(
    ({ tone, value, name }) => `<div class="${tone}"><dt>${escape(name)}</dt><dd>${escape(value)}</dd></div>`,
  );
  return section(
    "recovery",
    "Recovery",
    `<dl class="figures">${cells.join("")}</dl>${gap === undefined ? "" : `<p class="soft">Loss could not be measured in full: ${escape(gap)}.</p>`}${lossTable(report)}`,
  );
}

function controlFigure({ controls }: Report): Figure {
  const name = "sabotaged restores noticed";
  if (controls.injected === 0) return { tone: "odd", value: "none run", name };
  const unnoticed = controls.missed.length + controls.misattributed.length;
  return {
    tone: unnoticed > 0 ? "bad" : controls.caught < controls.injected ? "odd" : "good",
    value: `${controls.caught} of ${controls.injected}`,
    name,
  };
}

function lossTable({ recovery }: Report): string {
  const rows = recovery.rpo.perComponent.map((row) => [
    escape(row.component),
    lossWords(row.lostAcknowledged),
    lossWords(row.resurrected),
    lossWords(row.unexplained),
    numberWords(row.afterCut),
    row.windowMs === null ? "–" : durationWords(row.windowMs),
    row.cutBeganAt === null || row.cutEndedAt === null
      ? "no cut of its own"
      : `${clockTime(row.cutBeganAt)} – ${clockTime(row.cutEndedAt)}`,
  ]);
  return `<h3>Loss by component</h3>${table({
    caption: "Loss by component",
    columns: [
      "Component",
      number("Lost"),
      number("Came back"),
      number("Unexplained"),
      number("Written after the cut"),
      number("Window"),
      number("Cut (UTC)"),
    ],
    rows,
  })}`;
}

function number(title: string) {
  return { title, align: "right" } as const;
}

/** Records per component and gate, side by side, with the difference from the baseline. */
export function countSection({ counts }: Report): string {
  const shown = (value: number | null, baseline: number | null) => {
    if (value === null) return "–";
    const change = baseline === null ? 0 : value - baseline;
    const words = `<span class="change">${change > 0 ? "+" : "−"}${numberWords(Math.abs(change))}</span>`;
    return change === 0 ? numberWords(value) : `${numberWords(value)}${words}`;
  };
  return section(
    "counts",
    "Records counted",
    `<p class="soft">By component and gate; a difference is from the baseline. “–” was not looked at.</p>${table(
      {
        caption: "Records by component and gate",
        columns: ["Component", "Kind", number("Baseline"), number("Restored"), number("Started")],
        rows: counts.map(({ component, kind, baseline, restored, started }) => [
          escape(component),
          escape(kind),
          shown(baseline, null),
          shown(restored, baseline),
          shown(started, baseline),
        ]),
      },
    )}`,
  );
}
