import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link } from "wouter";

import type { ConsoleOrderTrailQuery } from "../api/generated/graphql";
import { request } from "../api/request";
import { useText } from "../i18n";
import { DataTable, type Column } from "../shared/data-table";
import { Figures } from "../shared/figures";
import { quantity } from "../shared/format";
import { MoreButton } from "../shared/more-button";
import { Empty, Failure, Loading, Outdated } from "../shared/states";
import { Time } from "../shared/time";
import { useLive } from "../shared/use-live";
import { Deductions } from "./deductions";
import { ORDER_APPENDED, TRAIL } from "./order-queries";

type Trail = NonNullable<ConsoleOrderTrailQuery["inventoryOrderTrail"]>;
type TrailSku = Trail["skus"][number];

/** One order line: its sums, its SKUs, and its deductions with what came back of them. */
export function OrderTrail({ orderDetailId }: { orderDetailId: string }) {
  const { t } = useText();
  const pages = useInfiniteQuery({
    queryKey: ["order", orderDetailId],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      request(TRAIL, { orderDetailId, after: pageParam }, { signal }),
    getNextPageParam: ({ inventoryOrderTrail: trail }) =>
      trail?.deductions.pageInfo.hasNextPage
        ? (trail.deductions.pageInfo.endCursor ?? undefined)
        : undefined,
  });
  // A little before the newest of all: nothing is missed that was written while this was read.
  const newest = pages.data?.pages[0]?.newest.edges.at(-1)?.cursor ?? null;
  useAskedAnew(orderDetailId, newest, pages.data !== undefined);
  if (pages.isPending) return <Loading lines={10} />;
  if (pages.isError && pages.data === undefined) {
    return <Failure error={pages.error} onRetry={() => void pages.refetch()} />;
  }
  const trails = (pages.data?.pages ?? []).flatMap((page) => page.inventoryOrderTrail ?? []);
  // The last page has the latest sums.
  const trail = trails.at(-1);
  if (trail === undefined)
    return <Empty title={t("order:unknown")} help={t("order:unknownHelp")} />;
  const deductions = trails.flatMap((page) => page.deductions.edges.map((edge) => edge.node));
  return (
    <>
      <Outdated query={pages} />
      <h2 className="order-id">
        <bdi>{orderDetailId}</bdi>
      </h2>
      <Figures
        figures={[
          { label: t("order:deducted"), value: quantity(trail.deducted) },
          { label: t("order:refunded"), value: quantity(trail.refunded) },
          { label: t("order:refundable"), value: quantity(trail.refundable) },
          { label: t("order:deductionCount"), value: quantity(trail.deductionCount) },
          { label: t("order:refundCount"), value: quantity(trail.refundCount) },
        ]}
      />
      <p className="faint">
        {t("order:firstAt")} <Time at={trail.firstAt} /> · {t("order:lastAt")}{" "}
        <Time at={trail.lastAt} />
      </p>
      <h3>{t("order:bySku")}</h3>
      <Skus trail={trail} />
      <h3>{t("order:deductions")}</h3>
      <Deductions orderDetailId={orderDetailId} deductions={deductions} />
      <MoreButton pages={pages} />
    </>
  );
}

function Skus({ trail }: { trail: Trail }) {
  const { t, language } = useText();
  const columns = useMemo<Column<TrailSku>[]>(
    () => [
      {
        id: "skuId",
        header: t("field.skuId"),
        cell: ({ row }) => <Link href={`/sku/${row.original.skuId}`}>{row.original.skuId}</Link>,
      },
      ...(["deducted", "refunded", "refundable", "deductionCount", "refundCount"] as const).map(
        (field): Column<TrailSku> => ({
          id: field,
          header: t(`order:${field}`),
          meta: { numeric: true },
          cell: ({ row }) => quantity(row.original[field]),
        }),
      ),
      {
        id: "lastAt",
        header: t("order:lastAt"),
        meta: { secondary: true },
        cell: ({ row }) => <Time at={row.original.lastAt} />,
      },
    ],
    [t, language],
  );
  const more = BigInt(trail.skuCount) - BigInt(trail.skus.length);
  const rest = new URLSearchParams({
    order: trail.orderDetailId,
    by: "SKU",
    period: "none",
    range: "all",
  });
  return (
    <div className="by-sku">
      <DataTable
        caption={t("order:bySku")}
        columns={columns}
        rows={trail.skus}
        rowId={(sku) => sku.skuId}
      />
      {more > 0n && (
        <p>
          <Link href={`/audit/summary?${rest}`}>
            {t("order:moreSkus", { more: quantity(String(more)) })}
          </Link>
        </p>
      )}
    </div>
  );
}

/** When something is written for the order line, all of it is asked for anew: its sums change with it. */
function useAskedAnew(orderDetailId: string, after: string | null, isRead: boolean) {
  const queries = useQueryClient();
  const variables = { where: { orderDetailId: [orderDetailId] }, after };
  useLive(ORDER_APPENDED, variables, isRead ? orderDetailId : undefined, (event, asked) => {
    asked.after = event.inventoryFlowAppended.cursor;
    void queries.invalidateQueries({ queryKey: ["order", orderDetailId] });
  });
}
