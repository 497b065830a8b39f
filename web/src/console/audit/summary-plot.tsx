/** The groups of a summary over time: a bar for each period, its kinds one above the other. */
import { useMemo, useState } from "react";

import type { InventoryFlowKind } from "../api/generated/graphql";
import { useText } from "../i18n";
import { quantity } from "../shared/format";
import { Plot, type PlotSeries } from "../shared/plot";
import { KINDS } from "./flow-filter";
import { periodName, type Grouping } from "./summary-filter";
import type { Group } from "./summary-view";

const MEASURES = ["unitsOut", "unitsIn", "entryCount"] as const;
type Measure = (typeof MEASURES)[number];

const COLORS: Record<InventoryFlowKind, string> = {
  REPLENISHMENT: "--series-1",
  DEDUCTION: "--series-2",
  REFUND: "--series-3",
  ADJUSTMENT: "--series-4",
  OPENING: "--series-5",
};

interface SummaryPlotProps {
  groups: Group[];
  grouping: Grouping;
  height: number;
}

export function SummaryPlot({ groups, grouping, height }: SummaryPlotProps) {
  const { t, language } = useText();
  const [measure, setMeasure] = useState<Measure>("unitsOut");
  const [point, setPoint] = useState<number>();
  const stacked = grouping.parts.includes("KIND");
  const { at, until, kinds, series, total } = useMemo(
    () => drawn(groups, measure, stacked),
    [groups, measure, stacked],
  );
  const period = grouping.period ?? "DAY";
  const describe = (index: number) => {
    const start = new Date(at[index] ?? 0).toISOString();
    return `${periodName(start, period, grouping.zone, language)}: ${quantity(total[index] ?? 0)}`;
  };
  return (
    <section className="card summary-plot" aria-label={t("audit:summary.plot")}>
      <header>
        <fieldset>
          <legend className="visually-hidden">{t("audit:summary.measure")}</legend>
          <div className="segments">
            {MEASURES.map((it) => (
              <label key={it}>
                <input
                  type="radio"
                  name="measure"
                  checked={measure === it}
                  onChange={() => setMeasure(it)}
                />
                <span>{t(`audit:summary.measures.${it}`)}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <p className="plot-point">
          {point === undefined || at[point] === undefined ? "" : describe(point)}
        </p>
        {stacked && (
          <ul className="legend">
            {kinds.map((kind) => (
              <li key={kind} className={`kind kind-${kind.toLowerCase()}`}>
                {t(`kind.${kind}`)}
              </li>
            ))}
          </ul>
        )}
      </header>
      <Plot
        label={t("audit:summary.plot")}
        height={height}
        from={at[0] ?? 0}
        to={until.at(-1) ?? 1}
        at={at}
        until={until}
        series={series}
        describe={describe}
        onPoint={setPoint}
      />
    </section>
  );
}

/** Bars all stand on the ground, so the highest are drawn first, each of what it and those beneath come to. */
function drawn(groups: Group[], measure: Measure, stacked: boolean) {
  const periods = new Map<
    string,
    { end: string; amounts: Map<InventoryFlowKind | undefined, number> }
  >();
  for (const group of groups) {
    if (group.periodStart == null || group.periodEnd == null) continue;
    const kind = stacked ? (group.kind ?? undefined) : undefined;
    const found = periods.get(group.periodStart) ?? { end: group.periodEnd, amounts: new Map() };
    found.amounts.set(kind, (found.amounts.get(kind) ?? 0) + Number(group[measure]));
    periods.set(group.periodStart, found);
  }
  const rows = [...periods.entries()].map(([start, { end, amounts }]) => ({
    start: Date.parse(start),
    end: Date.parse(end),
    amounts,
  }));
  const kinds = KINDS.filter((kind) => rows.some(({ amounts }) => (amounts.get(kind) ?? 0) > 0));
  const total = rows.map(({ amounts }) => [...amounts.values()].reduce((all, it) => all + it, 0));
  const heights = kinds.map((_, nth) =>
    rows.map(({ amounts }) =>
      kinds.slice(0, nth + 1).reduce((all, kind) => all + (amounts.get(kind) ?? 0), 0),
    ),
  );
  const series: PlotSeries[] =
    stacked && kinds.length > 0
      ? kinds
          .map((kind, nth): PlotSeries => ({
            shape: "bars",
            color: COLORS[kind],
            values: heights[nth] ?? [],
          }))
          .reverse()
      : [{ shape: "bars", color: "--series-1", values: total }];
  return {
    at: rows.map((row) => row.start),
    until: rows.map((row) => row.end),
    kinds,
    series,
    total,
  };
}
