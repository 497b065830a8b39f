/** One SKU: what is left, how it came to that, and what could not be sold. */
import { lazy, Suspense, useState } from "react";
import { Link, useParams } from "wouter";

import { useText } from "../i18n";
import { quantity } from "../shared/format";
import { PageHeading } from "../shared/page-heading";
import { useSearchState } from "../shared/search-state";
import { Empty, Failure, Loading, Outdated } from "../shared/states";
import { Time } from "../shared/time";
import { ReplenishDialog, SetQuantityDialog } from "../stock/change-dialogs";
import { EntryDialog } from "./entry-dialog";
import { Explanation } from "./explanation";
import { rangeOf } from "./range";
import "./sku.css";
import { SoldOut } from "./sold-out";
import { Timeline } from "./timeline";
import { useHistory, useLiveEntries, useStock, type Stock } from "./use-sku";

// The charts come with the library that draws them.
const Charts = lazy(async () => ({ default: (await import("./charts")).Charts }));

const SKU_ID = /^[1-9]\d{0,18}$/;

export function SkuPage() {
  const { skuId = "" } = useParams();
  return SKU_ID.test(skuId) ? <Sku key={skuId} skuId={skuId} /> : <NotOnTheBooks skuId={skuId} />;
}

function NotOnTheBooks({ skuId }: { skuId: string }) {
  const { t } = useText();
  return (
    <>
      <PageHeading title={t("sku:title", { skuId })} />
      <Empty title={t("sku:notFound")} help={t("sku:notFoundHelp")}>
        <Link href="/stock">{t("sku:toStock")}</Link>
      </Empty>
    </>
  );
}

function Sku({ skuId }: { skuId: string }) {
  const { t } = useText();
  const [open, setOpen] = useState<"replenish" | "set">();
  const asked = useStock(skuId);
  const stock = asked.data?.inventory;
  const close = () => setOpen(undefined);
  if (stock === null) return <NotOnTheBooks skuId={skuId} />;
  return (
    <>
      <PageHeading title={t("sku:title", { skuId })}>
        {stock !== undefined && (
          <>
            <button type="button" onClick={() => setOpen("replenish")}>
              {t("stock:replenish")}
            </button>
            <button type="button" onClick={() => setOpen("set")}>
              {t("stock:setQuantity")}
            </button>
          </>
        )}
      </PageHeading>
      {stock === undefined ? (
        asked.isError ? (
          <Failure error={asked.error} onRetry={() => void asked.refetch()} />
        ) : (
          <Loading lines={16} />
        )
      ) : (
        <>
          <Outdated query={asked} />
          <Facts stock={stock} />
          <Past stock={stock} />
          {open === "replenish" && <ReplenishDialog stock={stock} onClose={close} />}
          {open === "set" && <SetQuantityDialog stock={stock} onClose={close} />}
        </>
      )}
    </>
  );
}

function Facts({ stock }: { stock: Stock }) {
  const { t } = useText();
  return (
    <dl className="sku-facts">
      <div>
        <dt>{t("field.amount")}</dt>
        <dd className="sku-amount">
          <strong key={stock.version} className="amount">
            {quantity(stock.leavedAmount)}
          </strong>{" "}
          {stock.leavedAmount === 0 && <span className="badge bad">{t("stock:soldOut")}</span>}
        </dd>
      </div>
      <div>
        <dt>{t("field.updatedAt")}</dt>
        <dd>
          <Time at={stock.updatedAt} />
        </dd>
      </div>
      <div>
        <dt>{t("field.version")}</dt>
        <dd>{quantity(stock.version)}</dd>
      </div>
      <div>
        <dt>{t("sku:since")}</dt>
        <dd>
          <Time at={stock.createdAt} />
        </dd>
      </div>
      <div>
        <dt>{t("field.merchantId")}</dt>
        <dd>{stock.merchantId}</dd>
      </div>
    </dl>
  );
}

/** All that takes the right to read the history. */
function Past({ stock }: { stock: Stock }) {
  const { get, set } = useSearchState();
  const { newest, entries } = useLiveEntries(stock.skuId);
  const range = rangeOf(get);
  const past = useHistory(stock, range, entries);
  const flowId = get("flow");
  if (newest.isPending) return <Loading lines={14} />;
  if (newest.isError && newest.data === undefined) {
    return <Failure error={newest.error} onRetry={() => void newest.refetch()} />;
  }
  return (
    <>
      <Suspense fallback={<div className="card sku-charts-card" />}>
        <Charts stock={stock} range={range} past={past} />
      </Suspense>
      <div className="sku-columns">
        <Explanation stock={stock} history={past.history} />
        <SoldOut skuId={stock.skuId} history={past.history} />
      </div>
      <Timeline stock={stock} history={past.history} live={entries} />
      {flowId !== "" && (
        <EntryDialog key={flowId} flowId={flowId} stock={stock} onClose={() => set({ flow: "" })} />
      )}
    </>
  );
}
