/**
 * Amounts over time: steps or bars, drawn by uPlot in the theme's colours.
 *
 * It is a slider to the keyboard and to readers of the screen: the arrow keys go from one point to the
 * next, and `describe` tells each. A span that is dragged over is told by `onSelect`; what follows from
 * it is the view's affair, as is the range that is shown. It is as wide as where it is put, and
 * `height` high before anything is drawn. It needs uPlot, so import it in a part that is loaded lazily.
 */
import "uplot/dist/uPlot.min.css";
import "./plot.css";

import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import uPlot from "uplot";

import { useText } from "../i18n";
import { THEME_CHANGED } from "../shell/theme";
import { plotOptions } from "./plot-options";

/** Instants in milliseconds since 1970. */
export interface PlotSpan {
  from: number;
  to: number;
}

export interface PlotSeries {
  shape: "steps" | "bars";
  /** A custom property, as `--series-1`. */
  color: string;
  /** A value for each of `at`. A step goes on to the next point; a bar stands on its own. */
  values: (number | null)[];
}

export interface PlotProps extends PlotSpan {
  /** What is drawn, for those who do not see it. */
  label: string;
  height: number;
  /** When each point was, ascending, in milliseconds. */
  at: number[];
  /** As `at`, the same array for as long as it has the same values: another one is drawn anew. */
  series: PlotSeries[];
  /** Where the bar of each point ends; where the next begins if absent. */
  until?: number[];
  /** Spans with another ground. */
  shades?: PlotSpan[];
  /** A span between two lines. */
  marked?: PlotSpan | undefined;
  /** Plots of the same name show the cursor at the same instant. */
  sync?: string;
  /** What a point is, in words. */
  describe: (index: number) => string;
  /** The pointer, or the keyboard, is at a point, or at none any more. */
  onPoint?: (index: number | undefined) => void;
  /** A point was clicked, or Enter was pressed at it. */
  onPick?: (index: number) => void;
  /** A span was dragged over. */
  onSelect?: (span: PlotSpan) => void;
  /** A key that means nothing to the plot. */
  onKey?: (event: KeyboardEvent) => void;
}

export function Plot(props: PlotProps) {
  const { label, height, at, series, from, to, shades, marked, sync, describe } = props;
  const { language } = useText();
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const [point, setPoint] = useState<number>();
  const shapes = series.map((it) => it.shape + it.color).join();

  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const made = make(element, () => latest.current, setPoint);
    plot.current = made;
    const redraw = () => made.redraw(false);
    const system = matchMedia("(prefers-color-scheme: dark)");
    const size = new ResizeObserver(() => {
      if (element.clientWidth > 0) made.setSize({ width: element.clientWidth, height: latest.current.height });
    });
    size.observe(element);
    addEventListener(THEME_CHANGED, redraw);
    system.addEventListener("change", redraw);
    return () => {
      size.disconnect();
      removeEventListener(THEME_CHANGED, redraw);
      system.removeEventListener("change", redraw);
      made.destroy();
      plot.current = undefined;
      setPoint(undefined);
    };
  }, [shapes, sync, height, language]);

  useEffect(() => {
    plot.current?.setData([at, ...series.map((it) => it.values)] as uPlot.AlignedData);
  }, [at, series, from, to]);
  useEffect(() => plot.current?.redraw(false), [shades, marked]);

  const shown = point !== undefined && point < at.length ? point : undefined;
  const onKeyDown = (event: KeyboardEvent) => {
    const next = pointAt(event.key, shown, props);
    if (next !== undefined) {
      event.preventDefault();
      moveCursor(plot.current, Math.max(at[next] ?? from, from));
      setPoint(next);
      props.onPoint?.(next);
    } else if (event.key === "Enter" && shown !== undefined) {
      // What opens takes the focus, and is not to be pressed by the same key.
      event.preventDefault();
      props.onPick?.(shown);
    } else {
      props.onKey?.(event);
    }
  };
  return (
    <div
      ref={host}
      className="plot"
      style={{ height }}
      tabIndex={0}
      role="slider"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.max(at.length - 1, 0)}
      aria-valuenow={shown ?? Math.max(at.length - 1, 0)}
      aria-valuetext={at.length === 0 ? "–" : describe(shown ?? at.length - 1)}
      onKeyDown={onKeyDown}
    />
  );
}

function make(element: HTMLElement, props: () => PlotProps, setPoint: (index: number | undefined) => void) {
  const drawn = () => {
    const { series, until, from, to, shades, marked } = props();
    return { series, until, from, to, shades: shades ?? [], marked };
  };
  const onCursor = (index: number | undefined) => {
    setPoint(index);
    props().onPoint?.(index);
  };
  const onSelect = (span: PlotSpan) => props().onSelect?.(span);
  const { at, series, height, sync } = props();
  const size = { width: Math.max(element.clientWidth, 1), height };
  const made = new uPlot(
    { ...plotOptions(element, drawn, { onCursor, onSelect }, sync), ...size },
    [at, ...series.map((it) => it.values)] as uPlot.AlignedData,
    element,
  );
  // uPlot keeps a click to itself where it ends a drag.
  made.over.addEventListener("click", () => {
    if (typeof made.cursor.idx === "number") props().onPick?.(made.cursor.idx);
  });
  return made;
}

/** Which point a key goes to. */
function pointAt(key: string, point: number | undefined, { at, until, from, to }: PlotProps) {
  const first = at.findIndex((it, nth) => (until?.[nth] ?? it) >= from);
  const last = at.findLastIndex((it) => it <= to);
  if (first === -1 || last < first) return undefined;
  const now = point ?? last + (key === "ArrowLeft" ? 1 : 0);
  if (key === "ArrowRight") return Math.min(now + 1, last);
  if (key === "ArrowLeft") return Math.max(Math.min(now - 1, last), first);
  if (key === "Home") return first;
  return key === "End" ? last : undefined;
}

function moveCursor(plot: uPlot | undefined, at: number) {
  plot?.setCursor({ left: plot.valToPos(at, "x"), top: plot.over.clientHeight / 2 });
}
