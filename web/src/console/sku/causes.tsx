/** The causes of a change, the largest first, each with its entries where they are asked for. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { ConsoleExplainQuery, InventoryPointInput } from "../api/generated/graphql";
import { request } from "../api/request";
import { useText } from "../i18n";
import { ForeignText } from "../shared/foreign-text";
import { change, quantity } from "../shared/format";
import { KindBadge } from "../shared/kind-badge";
import { Failure, Loading } from "../shared/states";
import { Time } from "../shared/time";
import { EntryAddress } from "./entry-address";
import { CAUSE_ENTRIES } from "./explain-queries";

type Cause = NonNullable<ConsoleExplainQuery["inventoryExplain"]>["causes"][number];
type Named = Pick<Cause, "kind" | "reason" | "others">;

interface Ends {
  from: InventoryPointInput;
  to: InventoryPointInput | null;
}

export function Causes({ skuId, causes, ends }: { skuId: string; causes: Cause[]; ends: Ends }) {
  const { t } = useText();
  return (
    <ul className="sku-causes" aria-label={t("sku:causes")}>
      {causes.map((cause) => (
        <CauseItem key={nameOf(cause)} skuId={skuId} cause={cause} ends={ends} />
      ))}
    </ul>
  );
}

function CauseItem({ skuId, cause, ends }: { skuId: string; cause: Cause; ends: Ends }) {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  return (
    <li>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <strong className="sku-net">{change(String(-BigInt(cause.net)))}</strong>
          <span className="sku-cause">
            {cause.kind !== null && <KindBadge kind={cause.kind} />}
            {cause.others ? (
              <span>{t("sku:others", { reasons: quantity(cause.reasonCount) })}</span>
            ) : cause.reason === null ? (
              <span className="faint">{t("sku:noReason")}</span>
            ) : (
              <ForeignText text={cause.reason} />
            )}
          </span>
          <span className="faint sku-count">
            {t("sku:entriesCount", { count: Number(cause.entryCount), entries: quantity(cause.entryCount) })}
          </span>
        </summary>
        {open && <CauseEntries skuId={skuId} cause={cause} ends={ends} />}
      </details>
    </li>
  );
}

function CauseEntries({ skuId, cause, ends }: { skuId: string; cause: Cause; ends: Ends }) {
  const { t } = useText();
  const asked = useInfiniteQuery({
    queryKey: ["sku-cause", skuId, ends, nameOf(cause)],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      const { inventoryExplain } = await request(CAUSE_ENTRIES, { skuId, ...ends, after: pageParam }, { signal });
      return inventoryExplain?.causes.find((it) => nameOf(it) === nameOf(cause))?.flows;
    },
    getNextPageParam: (page) => (page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
  });
  if (asked.isPending) return <Loading lines={2} />;
  if (asked.isError) return <Failure error={asked.error} onRetry={() => void asked.refetch()} />;
  return (
    <>
      <ul className="sku-cause-entries">
        {asked.data.pages.flatMap((page) =>
          (page?.nodes ?? []).map((entry) => (
            <li key={entry.id}>
              <EntryAddress skuId={skuId} flowId={entry.id} />
              <strong>{change(-entry.quantityTrade)}</strong>
              <Time at={entry.createdAt} />
              <ForeignText text={entry.orderDetailId ?? entry.actor} />
            </li>
          )),
        )}
      </ul>
      {asked.hasNextPage && (
        <button type="button" disabled={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
          {t("action.more")}
        </button>
      )}
    </>
  );
}

function nameOf({ kind, reason, others }: Named): string {
  return others ? "others" : JSON.stringify([kind, reason]);
}
