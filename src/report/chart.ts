import { BarChart, CustomChart, LineChart, type CustomSeriesOption } from "echarts/charts";
import { GridComponent } from "echarts/components";
import { init, use, type ComposeOption } from "echarts/core";
import type { GridComponentOption } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import type { BarSeriesOption, LineSeriesOption } from "echarts/charts";
import { escape } from "./html-parts.ts";
import { durationWords, numberWords } from "./words.ts";

use([BarChart, CustomChart, LineChart, GridComponent, SVGRenderer]);

type Option = ComposeOption<BarSeriesOption | CustomSeriesOption | GridComponentOption | LineSeriesOption>;

/** Drawn at two widths: a page shows the one that fits, so that letters are as large as those around them. */
const widths = { wide: 1000, narrow: 360 } as const;

interface Bar {
  readonly beganAt: number;
  readonly durationMs: number;
  /** A colour of the style sheet: `var(--…)`. */
  readonly color: string;
  /** Bars beside the critical path are pale. */
  readonly pale: boolean;
}

export interface Lane {
  readonly name: string;
  /** Stands at the right end. */
  readonly note: string;
  readonly bars: readonly Bar[];
}

/** Bars on one scale of time, one lane below the other, as a drawing for the page. */
export function laneChart(lanes: readonly Lane[], label: string): string {
  return bothWidths(label, (shape) => {
    const rowHeight = shape === "wide" ? 26 : 40;
    return { height: lanes.length * rowHeight + 34, option: laneOption(lanes, shape) };
  });
}

function laneOption(lanes: readonly Lane[], shape: keyof typeof widths): Option {
  const bars = lanes.flatMap((lane, at) => lane.bars.map((bar) => ({ ...bar, at })));
  const start = Math.min(...bars.map(({ beganAt }) => beganAt));
  const wholeMs = Math.max(1, ...bars.map(({ beganAt, durationMs }) => beganAt + durationMs - start));
  const isWide = shape === "wide";
  const label = { color: "var(--ink)", fontSize: 13, fontFamily: "inherit" } as const;
  return {
    grid: isWide ? { left: 250, right: 110, top: 4, bottom: 30 } : { left: 4, right: 4, top: 4, bottom: 30 },
    xAxis: {
      type: "value",
      max: wholeMs,
      splitNumber: isWide ? 6 : 3,
      axisLabel: {
        color: "var(--soft)",
        fontFamily: "inherit",
        hideOverlap: true,
        showMaxLabel: false,
        alignMinLabel: "left",
        formatter: (value: number) => durationWords(value),
      },
      splitLine: { lineStyle: { color: "var(--line)" } },
    },
    yAxis: [
      laneAxis(
        lanes.map(({ name }) => name),
        { ...label, show: isWide, width: 235, overflow: "truncate" },
      ),
      {
        ...laneAxis(
          lanes.map(({ note }) => note),
          { ...label, show: isWide },
        ),
        position: "right",
      },
    ],
    series: [
      {
        type: "custom",
        silent: true,
        data: bars.map(({ at, beganAt, durationMs }) => [at, beganAt - start, beganAt - start + durationMs]),
        renderItem: (parameters, api) => {
          const bar = bars[parameters.dataIndex];
          const [left = 0, middle = 0] = api.coord([api.value(1), api.value(0)]);
          const [right = 0] = api.coord([api.value(2), api.value(0)]);
          return {
            type: "rect",
            shape: {
              x: left,
              y: middle + (isWide ? -6 : 4),
              width: Math.max(2, right - left),
              height: 12,
              r: 2,
            },
            style: { fill: bar?.color ?? "var(--bar)", opacity: bar?.pale === true ? 0.4 : 1 },
          };
        },
      },
      ...(isWide ? [] : [laneLabels(lanes, label)]),
    ],
  };
}

function laneAxis(data: string[], axisLabel: object) {
  return {
    type: "category",
    inverse: true,
    data,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { interval: 0, ...axisLabel },
  } as const;
}

/** Where there is no room beside the bars, names and notes stand above them. */
function laneLabels(lanes: readonly Lane[], label: object): CustomSeriesOption {
  return {
    type: "custom",
    silent: true,
    data: lanes.map((_, at) => [at, 0]),
    renderItem: (parameters, api) => {
      const lane = lanes[parameters.dataIndex];
      const [left = 0, middle = 0] = api.coord([0, api.value(0)]);
      const text = (words: string, x: number, align: "left" | "right") =>
        ({
          type: "text",
          style: {
            text: words,
            x,
            y: middle - 8,
            align,
            verticalAlign: "middle",
            fill: "var(--ink)",
            ...label,
          },
        }) as const;
      return {
        type: "group",
        children: [
          { ...text(lane?.name ?? "", left, "left") },
          { ...text(lane?.note ?? "", widths.narrow - 4, "right") },
        ],
      };
    },
  };
}

export interface Line {
  readonly points: readonly { readonly at: number; readonly value: number | null }[];
  /** A value of the scale, for people. */
  readonly words: (value: number) => string;
}

/** A trend over time; what was not measured leaves a gap. */
export function trendChart({ points, words }: Line, label: string): string {
  return bothWidths(label, (shape) => ({
    height: 170,
    option: {
      grid: { left: 76, right: 20, top: 14, bottom: 28 },
      xAxis: {
        type: "category",
        data: points.map(({ at }) => new Date(at).toISOString().slice(0, 16).replace("T", " ")),
        axisLabel: { color: "var(--soft)", fontFamily: "inherit", hideOverlap: true },
        axisLine: { lineStyle: { color: "var(--line)" } },
      },
      yAxis: {
        type: "value",
        splitNumber: shape === "wide" ? 4 : 3,
        axisLabel: {
          color: "var(--soft)",
          fontFamily: "inherit",
          formatter: words,
        },
        splitLine: { lineStyle: { color: "var(--line)" } },
      },
      series: [
        {
          type: "line",
          silent: true,
          data: points.map(({ value }) => value),
          symbolSize: 8,
          lineStyle: { color: "var(--bar)", width: 2 },
          itemStyle: { color: "var(--bar)" },
        },
      ],
    },
  }));
}

/** How many in each span, one bar below the other with its number. */
export function histogramChart(
  columns: readonly { readonly name: string; readonly value: number }[],
  label: string,
): string {
  return bothWidths(label, (shape) => ({
    height: columns.length * 24 + 20,
    option: {
      grid: { left: shape === "wide" ? 190 : 140, right: 60, top: 4, bottom: 4 },
      xAxis: { type: "value", show: false },
      yAxis: laneAxis(
        columns.map(({ name }) => name),
        { color: "var(--ink)", fontSize: 13, fontFamily: "inherit" },
      ),
      series: [
        {
          type: "bar",
          silent: true,
          data: columns.map(({ value }) => value),
          barWidth: 12,
          itemStyle: { color: "var(--bar)" },
          label: {
            show: true,
            position: "right",
            color: "var(--ink)",
            fontFamily: "inherit",
            formatter: ({ value }) => numberWords(Number(value)),
          },
        },
      ],
    },
  }));
}

interface Drawing {
  readonly height: number;
  readonly option: Option;
}

function bothWidths(label: string, draw: (shape: keyof typeof widths) => Drawing): string {
  const drawings = (["wide", "narrow"] as const).map((shape) => {
    const { height, option } = draw(shape);
    return svgOf(option, { width: widths[shape], height, label, shape });
  });
  return `<div class="chart">${drawings.join("")}</div>`;
}

/** Numbers its own shapes anew for each drawing; what only a script would use is left out. */
function svgOf(
  option: Option,
  {
    width,
    height,
    label,
    shape,
  }: { readonly width: number; readonly height: number; readonly label: string; readonly shape: string },
): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption({ animation: false, ...option });
    const drawing = chart
      .renderToSVGString()
      .replace(/<style\b[\s\S]*?<\/style>/g, "")
      .replaceAll(/ (?:xmlns(?::\w+)?|class|ecmeta_\w+|baseProfile|xml:space)="[^"]*"/g, "");
    return drawing.replace(/^<svg/, `<svg class="${shape}" role="img" aria-label="${escape(label)}"`);
  } finally {
    // A chart that is not given back keeps the process from ending.
    chart.dispose();
  }
}
