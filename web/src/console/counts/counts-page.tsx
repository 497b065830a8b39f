/** Stocktakes: which there are, how far they have come, and where a new one begins. */
import "./counts.css";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { Link } from "wouter";

import type { ConsoleCountsQuery, InventoryCountWhere } from "../api/generated/graphql";
import { request } from "../api/request";
import { useText } from "../i18n";
import { quantity } from "../shared/format";
import { MoreButton } from "../shared/more-button";
import { PageHeading } from "../shared/page-heading";
import { useSearchState } from "../shared/search-state";
import { Empty, Failure, Loading } from "../shared/states";
import { Time } from "../shared/time";
import { CountBadges } from "./count-badges";
import { keptItems, onKept } from "./counting/kept";
import { keepSending } from "./counting/sender";
import { COUNTS, COUNTS_PROGRESS } from "./counts-queries";
import { StartDialog } from "./start-dialog";

const STATUSES = ["OPEN", "COMPLETED", "ABANDONED"] as const;
const REFRESH_MS = 30_000;

type Count = ConsoleCountsQuery["inventoryCounts"]["nodes"][number];

export function CountsPage() {
  const { t } = useText();
  const { get, set } = useSearchState();
  const status = STATUSES.find((it) => it === get("status"));
  const starting = get("new") !== "";
  useEffect(keepSending, []);
  const where: InventoryCountWhere = status === undefined ? {} : { status: [status] };
  const pages = useInfiniteQuery({
    queryKey: ["counts", where],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => request(COUNTS, { where, after: pageParam }, { signal }),
    getNextPageParam: ({ inventoryCounts: { pageInfo } }) =>
      pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined,
    refetchInterval: REFRESH_MS,
  });
  const counts = (pages.data?.pages ?? []).flatMap((page) => page.inventoryCounts.nodes);
  const progress = useProgress(counts.some((count) => count.status === "OPEN"));
  return (
    <div className="stocktakes">
      <PageHeading title={t("counts:title")}>
        <button type="button" className="primary" onClick={() => set({ new: "1" })}>
          {t("counts:start")}
        </button>
      </PageHeading>
      <div className="filters">
        <fieldset>
          <legend className="visually-hidden">{t("counts:show")}</legend>
          <div className="segments">
            {[undefined, ...STATUSES].map((it) => (
              <label key={it ?? "all"}>
                <input
                  type="radio"
                  name="status"
                  checked={status === it}
                  onChange={() => set({ status: it ?? "" })}
                />
                <span>{it === undefined ? t("field.all") : t(`counts:status.${it}`)}</span>
              </label>
            ))}
          </div>
        </fieldset>
      </div>
      {pages.isPending ? (
        <Loading lines={8} />
      ) : pages.isError && counts.length === 0 ? (
        <Failure error={pages.error} onRetry={() => void pages.refetch()} />
      ) : counts.length === 0 ? (
        <Empty
          title={t(status === undefined ? "counts:none" : "counts:noneSo")}
          help={t("counts:noneHelp")}
        />
      ) : (
        <ul className="counts" aria-label={t("counts:title")}>
          {counts.map((count) => (
            <CountRow key={count.id} count={count} counted={progress.get(count.id)} />
          ))}
        </ul>
      )}
      <MoreButton pages={pages} />
      {starting && <StartDialog onClose={() => set({ new: "" })} />}
    </div>
  );
}

/** How many SKUs of the newest open stocktakes are counted. */
function useProgress(wanted: boolean): ReadonlyMap<string, number> {
  const { data } = useQuery({
    queryKey: ["counts", "progress"],
    enabled: wanted,
    queryFn: ({ signal }) => request(COUNTS_PROGRESS, undefined, { signal }),
    refetchInterval: REFRESH_MS,
  });
  const nodes = data?.inventoryCounts.nodes ?? [];
  return new Map(nodes.map(({ id, summary }) => [id, summary.countedCount]));
}

function CountRow({ count, counted }: { count: Count; counted: number | undefined }) {
  const { t } = useText();
  const { id, status, reason, skuCount, startedAt, startedBy, closedAt } = count;
  const kept = useSyncExternalStore(onKept, keptItems);
  const waiting = kept.filter((it) => it.countId === id && it.state !== "recorded").length;
  const href = `/counts/${id}`;
  return (
    <li className="card count-row">
      <div className="count-main">
        <h2>
          <Link href={href}>{t("counts:countTitle", { id })}</Link>
          <CountBadges status={status} blind={count.blind} />
          {waiting > 0 && <span className="badge warn">{t("counts:wait", { n: waiting })}</span>}
        </h2>
        <p className="reason" title={reason ?? undefined}>
          {reason ?? <span className="faint">{t("counts:noReason")}</span>}
        </p>
        <p className="faint">
          <span className="name" title={startedBy}>
            {t("counts:startedBy", { name: startedBy })}
          </span>{" "}
          <Time at={startedAt} />
          {closedAt != null && (
            <>
              {" · "}
              {t(status === "COMPLETED" ? "counts:completedAt" : "counts:abandonedAt")}{" "}
              <Time at={closedAt} />
            </>
          )}
        </p>
      </div>
      <div className="count-side">
        {status === "OPEN" && counted !== undefined ? (
          <>
            <p>{t("counts:progress", { counted: quantity(counted), of: quantity(skuCount) })}</p>
            <progress max={Math.max(skuCount, 1)} value={counted} aria-label={t("counts:progressLabel")} />
          </>
        ) : (
          <p>{t("counts:skus", { n: quantity(skuCount) })}</p>
        )}
        {status === "OPEN" && (
          <div className="actions">
            <Link className="button" href={`${href}?mode=count`} aria-label={t("counts:countOf", { id })}>
              {t("counts:modeCount")}
            </Link>
            <Link className="button" href={`${href}?mode=review`} aria-label={t("counts:reviewOf", { id })}>
              {t("counts:modeReview")}
            </Link>
          </div>
        )}
      </div>
    </li>
  );
}
