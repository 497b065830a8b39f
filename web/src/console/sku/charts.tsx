/** The amount over time, and beneath it, on the same axis, what was refused for want of it. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { useText } from "../i18n";
import { Plot, type PlotSpan } from "../shared/plot";
import { useSearchState } from "../shared/search-state";
import { Failure } from "../shared/states";
import { ChartTables } from "./chart-tables";
import type { History, Point } from "./history";
import { iso, rangeState, spanOf, zoomed, type RangeChoice } from "./range";
import { RangeBar, type DragFor } from "./range-bar";
import { PointText, RefusedText, usePointWords, useRefusedWords } from "./readout";
import { fetchRefused, type RefusedGroup } from "./refused";
import { Summary } from "./summary";
import { useSoldOut } from "./use-sold-out";
import type { Stock, useHistory } from "./use-sku";

const AMOUNT_HEIGHT = 280;
const REFUSED_HEIGHT = 90;
const REFUSED_EVERY_MS = 30_000;
const CLOSER = 0.5;
const FURTHER = 2;

interface ChartsProps {
  stock: Stock;
  range: RangeChoice;
  past: ReturnType<typeof useHistory>;
}

export function Charts({ stock, range, past }: ChartsProps) {
  const { t } = useText();
  const { get, set } = useSearchState();
  const [dragFor, setDragFor] = useState<DragFor>("zoom");
  const { history } = past;
  const show = (span: PlotSpan, times = 1) => set(rangeState(zoomed(span, times, Date.now())));
  const zoom = (times: number) => history && show(history, times);
  const select = (span: PlotSpan) => {
    if (dragFor === "zoom") show(span);
    else set({ explainFrom: iso(span.from), explainTo: iso(span.to) });
  };
  return (
    <section className="card" aria-labelledby="over-time">
      <header className="sku-section">
        <h2 id="over-time">{t("sku:overTime")}</h2>
        <RangeBar
          range={range}
          history={history}
          dragFor={dragFor}
          onDragFor={setDragFor}
          onRange={(next) => set(rangeState(next))}
          onCloser={() => zoom(CLOSER)}
          onFurther={() => zoom(FURTHER)}
        />
      </header>
      {history === undefined && past.error !== null ? (
        <div className="sku-charts-space">
          <Failure error={past.error} onRetry={() => void past.refetch()} />
        </div>
      ) : history === undefined ? (
        <div className="sku-charts-space" role="status" aria-label={t("state.loading")} />
      ) : (
        <Drawn
          // What is shown already is drawn over the new range until that has come.
          history={past.stale && range.preset === undefined ? { ...history, ...ends(range, history) } : history}
          skuId={stock.skuId}
          marked={spanOf(get, "explainFrom", "explainTo")}
          onSelect={select}
          onEntry={(id) => set({ flow: id })}
          onKey={(key) => {
            if (key === "+" || key === "=") zoom(CLOSER);
            else if (key === "-") zoom(FURTHER);
            else if (key === "0") set(rangeState({ preset: "30d" }));
          }}
        />
      )}
    </section>
  );
}

function ends(range: RangeChoice, history: History): PlotSpan {
  return { from: range.from ?? history.from, to: range.to ?? history.to };
}

interface DrawnProps {
  skuId: string;
  history: History;
  marked: PlotSpan | undefined;
  onSelect: (span: PlotSpan) => void;
  onEntry: (id: string) => void;
  onKey: (key: string) => void;
}

function Drawn({ skuId, history, marked, onSelect, onEntry, onKey }: DrawnProps) {
  const { t } = useText();
  const { from, to } = history;
  const [point, setPoint] = useState<number>();
  const points = useMemo(() => drawnPoints(history), [history]);
  const lines = useMemo(() => {
    const at = points.map((it) => it.at);
    const values = points.map((it) => it.amount);
    return { at, series: [{ shape: "steps" as const, color: "--series-1", values }] };
  }, [points]);
  const { spans } = useSoldOut(skuId, history);
  const soldOut = useMemo(
    () => (history.grain === "ENTRY" ? emptySpans(points) : toldSpans(spans, to)),
    [history.grain, points, spans, to],
  );
  const words = usePointWords(history);
  const marks = useMemo(() => marked, [marked?.from, marked?.to]);
  return (
    <>
      <Summary history={history} points={points} />
      <Plot
        label={t("sku:overTime")}
        height={AMOUNT_HEIGHT}
        {...lines}
        from={from}
        to={to}
        shades={soldOut}
        marked={marks}
        sync="sku"
        describe={(index) => words(points[index])}
        onPoint={setPoint}
        onPick={(index) => {
          const id = points[index]?.entry?.id;
          if (id !== undefined) onEntry(id);
        }}
        onSelect={onSelect}
        onKey={(event) => onKey(event.key)}
      />
      <PointText point={point === undefined ? undefined : points[point]} history={history} />
      <Refused skuId={skuId} history={history} points={points} soldOut={soldOut} marked={marks} onSelect={onSelect} />
    </>
  );
}

interface RefusedProps {
  skuId: string;
  history: History;
  points: Point[];
  soldOut: PlotSpan[];
  marked: PlotSpan | undefined;
  onSelect: (span: PlotSpan) => void;
}

function Refused({ skuId, history, points, soldOut, marked, onSelect }: RefusedProps) {
  const { t } = useText();
  const { from, to } = history;
  const [point, setPoint] = useState<number>();
  const words = useRefusedWords();
  const asked = useQuery({
    queryKey: ["sku-refused", skuId, from, history.open ? "open" : to],
    queryFn: ({ signal }) => fetchRefused(skuId, { from, to: history.open ? Date.now() : to }, signal),
    placeholderData: (before) => before,
    // A refusal is no entry, and comes by itself in no other way.
    refetchInterval: history.open ? REFUSED_EVERY_MS : false,
  });
  const groups = asked.data ?? NONE;
  const bars = useMemo(() => barsOf(groups), [groups]);
  return (
    <>
      <h3>{t("sku:refused")}</h3>
      <div className="sku-refused-space">
        {asked.isError ? (
          <Failure error={asked.error} onRetry={() => void asked.refetch()} />
        ) : groups.length === 0 ? (
          <p className="faint sku-refused-none">{asked.isPending ? t("state.loading") : t("sku:refusedNone")}</p>
        ) : (
          <>
            <Plot
              label={t("sku:refused")}
              height={REFUSED_HEIGHT}
              {...bars}
              from={from}
              to={to}
              shades={soldOut}
              marked={marked}
              sync="sku"
              describe={(index) => words(groups[index])}
              onPoint={setPoint}
              onSelect={onSelect}
            />
            <RefusedText group={point === undefined ? undefined : groups[point]} groups={groups} />
          </>
        )}
      </div>
      <ChartTables history={history} points={points} groups={groups} />
    </>
  );
}

const NONE: RefusedGroup[] = [];

function barsOf(groups: RefusedGroup[]) {
  return {
    at: groups.map((it) => Date.parse(it.periodStart ?? "")),
    until: groups.map((it) => Date.parse(it.periodEnd ?? "")),
    series: [
      { shape: "bars" as const, color: "--series-2", values: groups.map((it) => Number(it.unitsMissing)) },
    ],
  };
}

/** The points, and one more where the range ends: the amount goes on up to there. */
function drawnPoints({ points, to }: History): Point[] {
  const last = points.at(-1);
  return last === undefined || last.at >= to ? points : [...points, { at: to, amount: last.amount }];
}

/** When nothing was left, as far as it is drawn. */
function emptySpans(points: Point[]): PlotSpan[] {
  const spans: PlotSpan[] = [];
  points.forEach((point, index) => {
    const next = points[index + 1];
    if (point.amount === 0 && next !== undefined) spans.push({ from: point.at, to: next.at });
  });
  return spans;
}

/** Where entries are not drawn one by one, the server tells it: the newest times, as far as they are read. */
function toldSpans(spans: ReturnType<typeof useSoldOut>["spans"], to: number): PlotSpan[] {
  return spans.map(({ ranOutFlow, cameBackFlow }) => ({
    from: Date.parse(ranOutFlow.createdAt),
    to: cameBackFlow === null ? to : Date.parse(cameBackFlow.createdAt),
  }));
}
