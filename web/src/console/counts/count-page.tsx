/** A stocktake: counting it, what it comes to, and what it has written. */
import "./counts.css";

import { useEffect, useMemo } from "react";
import { Link, useParams } from "wouter";

import { useText } from "../i18n";
import { PageHeading } from "../shared/page-heading";
import { useSearchState } from "../shared/search-state";
import { Empty, Failure, Loading } from "../shared/states";
import { Time } from "../shared/time";
import { CountBadges } from "./count-badges";
import { CountingView } from "./counting/counting-view";
import { forget, keptItems } from "./counting/kept";
import { owner } from "./counting/owner";
import type { CountHead } from "./counting/places";
import { keepSending } from "./counting/sender";
import { ReviewView } from "./review/review-view";
import { useCount, usePlaces } from "./use-count";

export function CountPage() {
  const { t } = useText();
  const { countId = "" } = useParams<{ countId: string }>();
  const { get } = useSearchState();
  const counting = get("mode") === "count";
  const count = useCount(countId);
  const places = usePlaces(countId, counting);
  useEffect(keepSending, []);
  // Without a network it is as it was when it was read the last time.
  const head = count.data ?? (counting ? places.data?.head : undefined);
  useForgotten(head);
  const title = t("counts:countTitle", { id: /^\d{1,19}$/.test(countId) ? countId : "?" });
  if (count.data === null) {
    return (
      <>
        <PageHeading title={title} />
        <Empty title={t("counts:notFound")} help={t("counts:notFoundHelp")}>
          <Link href="/counts">{t("counts:toList")}</Link>
        </Empty>
      </>
    );
  }
  if (head === undefined) {
    return (
      <>
        <PageHeading title={title} />
        {count.isError && !(counting && places.isPending) ? (
          <Failure error={count.error} onRetry={() => void count.refetch()} />
        ) : (
          <Loading lines={10} />
        )}
      </>
    );
  }
  return (
    <div className="stocktakes">
      <PageHeading title={title}>
        <Modes head={head} counting={counting} />
      </PageHeading>
      {counting && head.status === "OPEN" ? null : <About head={head} />}
      {!counting ? (
        <ReviewView head={head} />
      ) : places.data != null ? (
        <CountingView
          key={countId}
          countId={countId}
          places={places.data}
          closed={head.status !== "OPEN"}
        />
      ) : places.isError ? (
        <Failure error={places.error} onRetry={() => void places.refetch()} />
      ) : (
        <Loading lines={8} />
      )}
    </div>
  );
}

function Modes({ head, counting }: { head: CountHead; counting: boolean }) {
  const { t } = useText();
  if (head.status !== "OPEN" && !counting) return <Link href="/counts">{t("counts:toList")}</Link>;
  return (
    <nav className="modes" aria-label={t("counts:modes")}>
      <Link href={`/counts/${head.id}?mode=count`} aria-current={counting ? "page" : undefined}>
        {t("counts:modeCount")}
      </Link>
      <Link href={`/counts/${head.id}?mode=review`} aria-current={counting ? undefined : "page"}>
        {t(head.status === "OPEN" ? "counts:modeReview" : "counts:modeResult")}
      </Link>
    </nav>
  );
}

/** Who began it, why, and how it ended. */
function About({ head }: { head: CountHead }) {
  const { t } = useText();
  return (
    <div className="about">
      <p className="about-line">
        <CountBadges status={head.status} blind={head.blind} />
        <span className="reason" title={head.reason ?? undefined}>
          {head.reason ?? <span className="faint">{t("counts:noReason")}</span>}
        </span>
      </p>
      <p className="faint">
        <span className="name" title={head.startedBy}>
          {t("counts:startedBy", { name: head.startedBy })}
        </span>{" "}
        <Time at={head.startedAt} />
        {head.closedAt != null && (
          <>
            {" · "}
            <span className="name" title={head.closedBy ?? undefined}>
              {t(head.status === "COMPLETED" ? "counts:completedBy" : "counts:abandonedBy", {
                name: head.closedBy ?? "",
              })}
            </span>{" "}
            <Time at={head.closedAt} />
          </>
        )}
      </p>
    </div>
  );
}

/** What was recorded of a stocktake that has ended is with the server; this device need not keep it. */
function useForgotten(head: CountHead | undefined) {
  const ended = useMemo(
    () => (head === undefined || head.status === "OPEN" ? undefined : head.id),
    [head],
  );
  useEffect(() => {
    if (ended === undefined) return;
    const mine = keptItems().filter((it) => it.countId === ended && it.owner === owner());
    void forget(mine.filter((it) => it.state === "recorded").map((it) => it.key));
  }, [ended]);
}
