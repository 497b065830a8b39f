/** What entries come to: by their days, kinds, actors, SKUs and order lines. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";

import type { ConsoleSummaryQuery } from "../api/generated/graphql";
import { request } from "../api/request";
import { useText } from "../i18n";
import { Figures } from "../shared/figures";
import { change, quantity, timeZone } from "../shared/format";
import { MoreButton } from "../shared/more-button";
import { useSearchState } from "../shared/search-state";
import { Empty, Failure, Loading } from "../shared/states";
import { SUMMARY } from "./audit-queries";
import { ExportPanel, useExportPanel } from "./export-panel";
import { flowFilterOf, flowWhereOf } from "./flow-filter";
import { FlowFilterFields } from "./flow-filter-fields";
import {
  groupByOf,
  groupingOf,
  PARTS,
  partsParameter,
  periodParameter,
  PERIODS,
  type Grouping,
} from "./summary-filter";
import { SummaryTable } from "./summary-table";

const SummaryPlot = lazy(async () => ({ default: (await import("./summary-plot")).SummaryPlot }));

export type Group = ConsoleSummaryQuery["inventoryFlowSummary"]["edges"][number]["node"];

const SPAN = "30d";
const PLOT_HEIGHT = 220;

export function SummaryView() {
  const { t } = useText();
  const { get, set } = useSearchState();
  const exporting = useExportPanel();
  const grouping = groupingOf(get);
  const filter = flowFilterOf(get, SPAN);
  const where = flowWhereOf(filter, grouping.zone);
  const fault = typeof where === "string" ? where : undefined;
  const asked = typeof where === "string" ? {} : where;
  const [groupBy, zone] = [groupByOf(grouping), grouping.zone];
  const pages = useInfiniteQuery({
    queryKey: ["summary", groupBy, zone, asked],
    enabled: fault === undefined,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      request(SUMMARY, { groupBy, timeZone: zone, where: asked, after: pageParam }, { signal }),
    getNextPageParam: ({ inventoryFlowSummary: { pageInfo } }) =>
      pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined,
    // It reads many entries, and is of a past that is over.
    refetchOnWindowFocus: false,
  });
  const groups = (pages.data?.pages ?? []).flatMap((page) =>
    page.inventoryFlowSummary.edges.map((edge) => edge.node),
  );
  return (
    <>
      <GroupingFields grouping={grouping} set={set} />
      <FlowFilterFields filter={filter} fault={fault} set={set} otherwise={SPAN} />
      <div className="above-table">
        <p className="faint">{t("audit:summary.about")}</p>
        <button
          type="button"
          aria-expanded={exporting.open}
          disabled={fault !== undefined}
          onClick={exporting.toggle}
        >
          {t("audit:export.open")}
        </button>
      </div>
      {exporting.open && <ExportPanel where={asked} />}
      {fault !== undefined ? null : pages.isPending ? (
        <Loading lines={14} />
      ) : pages.isError && groups.length === 0 ? (
        <Failure error={pages.error} onRetry={() => void pages.refetch()} />
      ) : groups.length === 0 && !pages.hasNextPage ? (
        <Empty title={t("audit:summary.empty")} help={t("audit:summary.emptyHelp")} />
      ) : (
        <>
          <Sums groups={groups} whole={!pages.hasNextPage} />
          {grouping.period !== undefined && (
            <Suspense
              fallback={<div className="summary-plot" style={{ minHeight: PLOT_HEIGHT }} />}
            >
              <SummaryPlot groups={groups} grouping={grouping} height={PLOT_HEIGHT} />
            </Suspense>
          )}
          <SummaryTable groups={groups} grouping={grouping} filter={filter} />
          <MoreButton pages={pages} />
        </>
      )}
    </>
  );
}

/** What the groups come to together. */
function Sums({ groups, whole }: { groups: Group[]; whole: boolean }) {
  const { t } = useText();
  const sum = (of: (group: Group) => string) =>
    String(groups.reduce((all, group) => all + BigInt(of(group)), 0n));
  return (
    <>
      <Figures
        figures={[
          { label: t("audit:summary.groups"), value: quantity(groups.length) },
          { label: t("audit:run.entries"), value: quantity(sum((group) => group.entryCount)) },
          { label: t("audit:summary.out"), value: quantity(sum((group) => group.unitsOut)) },
          { label: t("audit:summary.in"), value: quantity(sum((group) => group.unitsIn)) },
          {
            label: t("audit:summary.change"),
            value: change(sum((group) => String(-BigInt(group.net)))),
          },
        ]}
      />
      {!whole && <p className="faint">{t("audit:summary.part")}</p>}
    </>
  );
}

interface GroupingFieldsProps {
  grouping: Grouping;
  set: (values: Record<string, string>) => void;
}

function GroupingFields({ grouping, set }: GroupingFieldsProps) {
  const { t } = useText();
  const { period, parts, zone } = grouping;
  const own = timeZone();
  const zones = [...new Set([own, "UTC", zone])];
  return (
    <div className="filters">
      <fieldset>
        <legend>{t("audit:summary.period")}</legend>
        <div className="segments">
          {[...PERIODS, undefined].map((it) => (
            <label key={it ?? "none"}>
              <input
                type="radio"
                name="period"
                checked={period === it}
                onChange={() => set({ period: periodParameter(it) })}
              />
              <span>{t(`audit:summary.periods.${it ?? "NONE"}`)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset className="choices">
        <legend>{t("audit:summary.by")}</legend>
        {PARTS.map((part) => (
          <label key={part} className="choice">
            <input
              type="checkbox"
              checked={parts.includes(part)}
              onChange={(event) =>
                set({
                  by: partsParameter(
                    PARTS.filter((it) => (it === part ? event.target.checked : parts.includes(it))),
                  ),
                })
              }
            />
            <span>{t(`audit:summary.parts.${part}`)}</span>
          </label>
        ))}
      </fieldset>
      <label className="field">
        <span>{t("audit:summary.zone")}</span>
        <select
          value={zone}
          onChange={(event) => set({ zone: event.target.value === own ? "" : event.target.value })}
        >
          {zones.map((it) => (
            <option key={it} value={it}>
              {it === own ? t("audit:summary.ownZone", { zone: it }) : it}
            </option>
          ))}
          <optgroup label={t("audit:summary.otherZones")}>
            {Intl.supportedValuesOf("timeZone")
              .filter((it) => !zones.includes(it))
              .map((it) => (
                <option key={it} value={it}>
                  {it}
                </option>
              ))}
          </optgroup>
        </select>
      </label>
    </div>
  );
}
