/** What adds up and looks unusual all the same, for a person to judge. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import type { InventoryAnomalyRule, InventoryAnomalyWhere } from "../api/generated/graphql";
import { request } from "../api/request";
import { useText } from "../i18n";
import { quantity, timeZone } from "../shared/format";
import { SearchText } from "../shared/search-text";
import { useSearchState } from "../shared/search-state";
import { Empty, Failure, Loading } from "../shared/states";
import { Time } from "../shared/time";
import { boundsOf, timeSpanOf, timeSpanParameters } from "../shared/time-span";
import { TimeSpanFields } from "../shared/time-span-fields";
import { AnomalyCard } from "./anomaly-card";
import { ANOMALIES } from "./audit-queries";
import { SKUS_MAX, skuIdsOf, type SkuFault } from "./flow-filter";

const RULES = [
  "DUPLICATE_ORDER_DETAIL",
  "LARGE_ADJUSTMENT",
  "CLOCK_BACKWARDS",
  "QUICK_REFUNDS",
  "BURST",
  "ODD_HOURS",
] as const satisfies InventoryAnomalyRule[];
/** These are about an actor, and cannot be looked for among some SKUs. */
const ABOUT_ACTORS: readonly string[] = ["QUICK_REFUNDS", "BURST", "ODD_HOURS"];
const SPAN = "7d";
/** What the API takes for all of time; without any it searches seven days. */
const BEGINNING = "1970-01-01T00:00:00.000Z";

export function AnomaliesView() {
  const { t } = useText();
  const { get, set } = useSearchState();
  const find = get("find");
  const rules = RULES.filter((rule) => get("rule").split(",").includes(rule));
  const span = timeSpanOf(get, SPAN);
  const where = whereOf(find, rules, get("actor"), {
    from: BEGINNING,
    ...boundsOf(span, timeZone()),
  });
  const fault = typeof where === "string" ? where : undefined;
  const search = useAnomalies(typeof where === "string" ? {} : where, fault === undefined);
  return (
    <>
      <p className="about">{t("audit:anomalies.about")}</p>
      <search className="filters">
        <SearchText
          main
          label={t("audit:filter.skus")}
          value={find}
          placeholder="1001, 1002"
          hint={t("audit:anomalies.skusHint")}
          fault={fault === undefined ? undefined : t(`stock:${fault}`, { max: SKUS_MAX })}
          onSearch={(next) => set({ find: next })}
        />
        <SearchText
          label={t("field.actor")}
          value={get("actor")}
          charactersMax={128}
          onSearch={(actor) => set({ actor })}
        />
        <TimeSpanFields span={span} onChange={(next) => set(timeSpanParameters(next, SPAN))} />
        <fieldset className="choices">
          <legend>{t("audit:anomalies.rules")}</legend>
          {RULES.map((rule) => (
            <label key={rule} className="choice">
              <input
                type="checkbox"
                checked={rules.includes(rule)}
                disabled={find !== "" && ABOUT_ACTORS.includes(rule)}
                onChange={(event) =>
                  set({
                    rule: RULES.filter((it) =>
                      it === rule ? event.target.checked : rules.includes(it),
                    ).join(),
                  })
                }
              />
              <span>{t(`audit:rules.${rule}.title`)}</span>
            </label>
          ))}
        </fieldset>
      </search>
      {fault !== undefined ? null : search.isPending ? (
        <Loading lines={6} />
      ) : search.isError && search.anomalies.length === 0 ? (
        <Failure error={search.error} onRetry={() => void search.refetch()} />
      ) : (
        <Found search={search} />
      )}
    </>
  );
}

function Found({ search }: { search: ReturnType<typeof useAnomalies> }) {
  const { t } = useText();
  const { anomalies, examined, examinedTo, searching, hasNextPage } = search;
  return (
    <>
      <div className="above-table">
        <p className="faint" role="status">
          {t(searching ? "audit:anomalies.searching" : "audit:anomalies.examined", {
            entries: quantity(String(examined)),
            found: quantity(anomalies.length),
          })}
          {examinedTo != null && (
            <>
              {t("audit:anomalies.upTo")} <Time at={examinedTo} />
            </>
          )}
        </p>
        {searching && (
          <button type="button" onClick={search.stop}>
            {t("audit:run.stop")}
          </button>
        )}
      </div>
      {anomalies.length === 0 && !hasNextPage && (
        <Empty title={t("audit:anomalies.empty")} help={t("audit:anomalies.emptyHelp")} />
      )}
      {anomalies.map(({ cursor, node }) => (
        <AnomalyCard key={cursor} anomaly={node} />
      ))}
      {hasNextPage && !searching && (
        <button type="button" className="more" onClick={search.goOn}>
          {t("audit:anomalies.goOn")}
        </button>
      )}
    </>
  );
}

/** A page may find nothing and not be the last: it is gone on with until one finds something. */
function useAnomalies(where: InventoryAnomalyWhere, enabled: boolean) {
  const key = JSON.stringify(where);
  const [stopped, setStopped] = useState<string>();
  const pages = useInfiniteQuery({
    queryKey: ["anomalies", where],
    enabled,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => request(ANOMALIES, { where, after: pageParam }, { signal }),
    getNextPageParam: ({ inventoryAnomalies: { pageInfo } }) =>
      pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined,
    refetchOnWindowFocus: false,
  });
  const found = (pages.data?.pages ?? []).map((page) => page.inventoryAnomalies);
  const last = found.at(-1);
  const { hasNextPage, isFetchingNextPage, isError, fetchNextPage } = pages;
  const onward =
    hasNextPage && !isError && stopped !== key && last !== undefined && last.edges.length === 0;
  useEffect(() => {
    if (onward && !isFetchingNextPage) void fetchNextPage();
  }, [onward, isFetchingNextPage, fetchNextPage]);
  return {
    ...pages,
    anomalies: found.flatMap((page) => page.edges),
    examined: found.reduce((all, page) => all + BigInt(page.entriesExamined), 0n),
    examinedTo: last?.examinedTo,
    searching: isFetchingNextPage || onward,
    stop: () => setStopped(key),
    goOn: () => {
      setStopped(undefined);
      void fetchNextPage();
    },
  };
}

function whereOf(
  find: string,
  rules: InventoryAnomalyRule[],
  actor: string,
  createdAt: { from?: string; to?: string },
): InventoryAnomalyWhere | SkuFault {
  const skuId = skuIdsOf(find);
  if (typeof skuId === "string") return skuId;
  const wanted = skuId.length === 0 ? rules : rules.filter((rule) => !ABOUT_ACTORS.includes(rule));
  return {
    createdAt,
    ...(skuId.length === 0 ? {} : { skuId }),
    ...(wanted.length === 0 ? {} : { rule: wanted }),
    ...(actor === "" ? {} : { actor: [actor] }),
  };
}
