/** When the SKU had nothing left, and what could not be sold for that. */
import { useMemo } from "react";

import type { ConsoleSoldOutQuery } from "../api/generated/graphql";
import { useText } from "../i18n";
import { DataTable, type Column } from "../shared/data-table";
import { duration } from "../shared/duration";
import { quantity } from "../shared/format";
import { MoreButton } from "../shared/more-button";
import { Failure, Loading } from "../shared/states";
import { Time } from "../shared/time";
import { EntryAddress } from "./entry-address";
import type { History } from "./history";
import { useSoldOut } from "./use-sold-out";

type Spans = NonNullable<ConsoleSoldOutQuery["inventorySoldOutSpans"]>;
type SoldOutSpan = Spans["nodes"][number];

export function SoldOut({ skuId, history }: { skuId: string; history: History | undefined }) {
  const { t } = useText();
  return (
    <section className="card" aria-labelledby="sold-out">
      <header className="sku-section">
        <h2 id="sold-out">{t("sku:soldOutTimes")}</h2>
      </header>
      {history === undefined ? <Loading lines={3} /> : <SpansTable skuId={skuId} history={history} />}
    </section>
  );
}

function SpansTable({ skuId, history }: { skuId: string; history: History }) {
  const { t, language } = useText();
  const asked = useSoldOut(skuId, history);
  const { spans } = asked;
  const columns = useMemo<Column<SoldOutSpan>[]>(
    () => [
      {
        id: "ranOut",
        header: t("sku:ranOut"),
        cell: ({ row: { original } }) => (
          <EntryAddress skuId={skuId} flowId={original.ranOutFlow.id}>
            <Time at={original.ranOutFlow.createdAt} />
          </EntryAddress>
        ),
      },
      {
        id: "cameBack",
        header: t("sku:cameBack"),
        cell: ({ row: { original } }) =>
          original.cameBackFlow === null ? (
            <span className="badge bad">{t("sku:stillOut")}</span>
          ) : (
            <EntryAddress skuId={skuId} flowId={original.cameBackFlow.id}>
              <Time at={original.cameBackFlow.createdAt} />
            </EntryAddress>
          ),
      },
      {
        id: "duration",
        header: t("sku:lasted"),
        meta: { numeric: true },
        cell: ({ row }) => (row.original.durationMs === null ? "–" : duration(Number(row.original.durationMs))),
      },
      {
        id: "missing",
        header: t("sku:missing"),
        meta: { numeric: true },
        cell: ({ row }) => quantity(row.original.refusals.unitsMissing),
      },
    ],
    [t, language, skuId],
  );
  if (asked.isPending) return <Loading lines={3} />;
  if (asked.isError) return <Failure error={asked.error} onRetry={() => void asked.refetch()} />;
  return (
    <>
      {spans.length === 0 ? (
        <p className="faint">{t("sku:soldOutNone")}</p>
      ) : (
        <DataTable caption={t("sku:soldOutTimes")} columns={columns} rows={spans} rowId={(it) => it.ranOutFlow.id} />
      )}
      <MoreButton pages={asked} />
    </>
  );
}
