/** How a plot is drawn by uPlot: its scales, axes and series, in the colours of the theme. */
import uPlot from "uplot";

import { language } from "../i18n";
import type { PlotSeries, PlotSpan } from "./plot";

const AXIS_WIDTH = 62;
const AXIS_HEIGHT = 30;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Amounts between which there is nothing: none is a fraction. */
const WHOLE_STEPS = Array.from({ length: 19 }, (_, power) => [1, 2, 5].map((it) => it * 10 ** power)).flat();
/** Where all amounts are above this part of a great one, they are drawn from near the least on. */
const FROM_NOUGHT = 0.7;
const GREAT = 50;

/** What the drawing reads each time anew, for it changes while the plot stays. */
export interface Drawn {
  series: PlotSeries[];
  until: number[] | undefined;
  from: number;
  to: number;
  shades: PlotSpan[];
  marked: PlotSpan | undefined;
}

interface Told {
  onCursor: (index: number | undefined) => void;
  onSelect: (span: PlotSpan) => void;
}

const steps = uPlot.paths.stepped?.({ align: 1 });

export function plotOptions(host: HTMLElement, drawn: () => Drawn, told: Told, sync: string | undefined) {
  const color = (property: string) => getComputedStyle(host).getPropertyValue(property).trim();
  const { series } = drawn();
  const allBars = series.every((it) => it.shape === "bars");
  const font = `12px ${getComputedStyle(host).fontFamily}`;
  const axis = { stroke: () => color("--faint"), font, grid: { stroke: () => color("--line"), width: 1 } };
  const options: Omit<uPlot.Options, "width" | "height"> = {
    ms: 1,
    legend: { show: false },
    padding: [10, 32, 0, 0],
    scales: {
      x: { time: true, range: () => [drawn().from, drawn().to] },
      y: { range: (_plot, least, greatest) => amounts(least, greatest, allBars) },
    },
    axes: [
      { ...axis, size: AXIS_HEIGHT, space: room, ticks: { show: false }, values: times },
      {
        ...axis,
        size: AXIS_WIDTH,
        space: 34,
        incrs: WHOLE_STEPS,
        ticks: { show: false },
        values: (_plot, splits, _axis, _space, step) => splits.map((it) => amount(it, step)),
      },
    ],
    series: [
      {},
      ...series.map(
        (it): uPlot.Series => ({
          width: it.shape === "bars" ? 0 : 2,
          stroke: () => color(it.color),
          fill: (plot) =>
            it.shape === "bars"
              ? color(it.color)
              : plot.scales["y"]?.min === 0
                ? faded(color(it.color))
                : "transparent",
          points: { show: false },
          ...(it.shape === "bars" ? { paths: bars(drawn) } : steps === undefined ? {} : { paths: steps }),
        }),
      ),
    ],
    cursor: {
      y: false,
      points: { size: 9, stroke: () => color("--surface"), fill: () => color(series[0]?.color ?? "--text") },
      drag: { x: true, y: false, setScale: false },
      ...(sync === undefined
        ? {}
        : {
            sync: {
              key: sync,
              scales: ["x", null] as [string, null],
              // A span is dragged over one plot; what follows from it, that one tells.
              filters: { pub: (type: string) => type === "mousemove" || type === "mouseleave", sub: () => true },
            },
          }),
    },
    hooks: {
      drawClear: [(plot) => spans(plot, drawn(), color)],
      setCursor: [
        (plot) => {
          // Where the cursor only follows that of another plot, nobody is at a point of this one.
          if (plot.cursor.event !== null) told.onCursor(plot.cursor.idx ?? undefined);
        },
      ],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 3) return;
          told.onSelect({ from: plot.posToVal(left, "x"), to: plot.posToVal(left + width, "x") });
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
  return options;
}

function amounts(least: number | null, greatest: number | null, fromNought: boolean): [number, number] {
  const [low, high] = [least ?? 0, greatest ?? 0];
  const bottom = fromNought || high <= GREAT || low <= high * FROM_NOUGHT ? 0 : low - Math.max((high - low) * 0.1, 1);
  return [Math.floor(bottom), Math.max(Math.ceil(high + (high - bottom) * 0.05), Math.floor(bottom) + 1)];
}

/** Thousands are written short where none between two marks is lost by it. */
function amount(value: number, step: number): string {
  const notation = step >= 1_000 ? "compact" : "standard";
  return new Intl.NumberFormat(language(), { notation, maximumFractionDigits: 2 }).format(value);
}

/** How wide a mark of time is at most; seconds take more. */
function room(_plot: uPlot, _axis: number, from: number, to: number): number {
  return to - from < 10 * MINUTE_MS ? 150 : 90;
}

/** Each day is named once, and its hours only as far as they are told apart. */
function times(_plot: uPlot, splits: number[], _axis: number, _space: number, step: number): string[] {
  const day = new Intl.DateTimeFormat(language(), { day: "numeric", month: "short" });
  const month = new Intl.DateTimeFormat(language(), { month: "short", year: "numeric" });
  const time = new Intl.DateTimeFormat(language(), {
    hour: "2-digit",
    minute: "2-digit",
    ...(step < MINUTE_MS ? { second: "2-digit" } : {}),
  });
  let named = "";
  return splits.map((at) => {
    if (step > 27 * DAY_MS) return month.format(at);
    const date = day.format(at);
    if (step >= DAY_MS) return date;
    const first = date !== named;
    named = date;
    return first ? `${date} ${time.format(at)}` : time.format(at);
  });
}

/** A colour of six digits, seen through. */
function faded(color: string): string {
  return /^#[0-9a-f]{6}$/i.test(color) ? `${color}24` : "transparent";
}

/** A bar for each value, over the time that it is of. */
function bars(drawn: () => Drawn): uPlot.Series.PathBuilder {
  return (plot, index) => {
    const path = new Path2D();
    const at = plot.data[0] as number[];
    const values = plot.data[index] as (number | null)[];
    const ends = drawn().until;
    const ground = plot.valToPos(0, "y", true);
    values.forEach((value, nth) => {
      const begin = at[nth];
      if (value === null || value === 0 || begin === undefined) return;
      const end = ends?.[nth] ?? at[nth + 1] ?? drawn().to;
      const left = plot.valToPos(begin, "x", true);
      const width = plot.valToPos(end, "x", true) - left;
      const top = plot.valToPos(value, "y", true);
      const gap = Math.min(2, width / 4);
      path.rect(left + gap / 2, top, Math.max(width - gap, 2), ground - top);
    });
    return { fill: path, stroke: null };
  };
}

/** Behind the series: the spans that are shaded, and the one that is marked. */
function spans(plot: uPlot, { shades, marked }: Drawn, color: (property: string) => string) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  const edges = ({ from, to }: PlotSpan) => {
    const left = plot.valToPos(from, "x", true);
    return [left, Math.max(plot.valToPos(to, "x", true) - left, 2)] as const;
  };
  for (const shade of shades) {
    const [left, width] = edges(shade);
    ctx.fillStyle = color("--bad-soft");
    ctx.fillRect(left, bbox.top, width, bbox.height);
  }
  if (marked !== undefined) {
    const [left, width] = edges(marked);
    ctx.fillStyle = color("--focus");
    ctx.globalAlpha = 0.12;
    ctx.fillRect(left, bbox.top, width, bbox.height);
    ctx.globalAlpha = 1;
    ctx.fillRect(left, bbox.top, 2, bbox.height);
    ctx.fillRect(left + width - 2, bbox.top, 2, bbox.height);
  }
  ctx.restore();
}
