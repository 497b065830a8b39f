import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import type { ConsoleOrderTrailsQuery } from "../api/generated/graphql";
import { request } from "../api/request";
import { useText } from "../i18n";
import { DataTable, type Column } from "../shared/data-table";
import { OrderLink } from "../shared/entry-link";
import { Figures } from "../shared/figures";
import { ForeignText } from "../shared/foreign-text";
import { quantity } from "../shared/format";
import { Empty, Failure, Loading } from "../shared/states";
import { Time } from "../shared/time";
import { TRAILS } from "./order-queries";

type Trail = ConsoleOrderTrailsQuery["inventoryOrderTrails"][number];

/** Several order lines, as all those of an order, a line each. */
export function OrderTrails({ ids }: { ids: string[] }) {
  const { t, language } = useText();
  const answer = useQuery({
    queryKey: ["orders", ids],
    queryFn: ({ signal }) => request(TRAILS, { orderDetailIds: ids }, { signal }),
  });
  const trails = answer.data?.inventoryOrderTrails ?? [];
  const columns = useMemo<Column<Trail>[]>(
    () => [
      {
        id: "order",
        header: t("field.orderDetailId"),
        cell: ({ row }) => <OrderLink orderDetailId={row.original.orderDetailId} />,
      },
      ...(["deducted", "refunded", "refundable", "skuCount"] as const).map(
        (field): Column<Trail> => ({
          id: field,
          header: t(`order:${field}`),
          meta: { numeric: true },
          cell: ({ row }) => quantity(row.original[field]),
        }),
      ),
      {
        id: "firstAt",
        header: t("order:firstAt"),
        meta: { secondary: true },
        cell: ({ row }) => <Time at={row.original.firstAt} />,
      },
      {
        id: "lastAt",
        header: t("order:lastAt"),
        meta: { secondary: true },
        cell: ({ row }) => <Time at={row.original.lastAt} />,
      },
    ],
    [t, language],
  );
  if (answer.isPending) return <Loading lines={ids.length + 2} />;
  if (answer.isError) return <Failure error={answer.error} onRetry={() => void answer.refetch()} />;
  const unknown = ids.filter((id) => !trails.some((trail) => trail.orderDetailId === id));
  const sum = (field: "deducted" | "refunded" | "refundable") =>
    quantity(String(trails.reduce((all, trail) => all + BigInt(trail[field]), 0n)));
  return (
    <>
      {trails.length === 0 ? (
        <Empty title={t("order:unknownAll")} help={t("order:unknownHelp")} />
      ) : (
        <>
          <Figures
            figures={[
              { label: t("order:orders"), value: quantity(trails.length) },
              { label: t("order:deducted"), value: sum("deducted") },
              { label: t("order:refunded"), value: sum("refunded") },
              { label: t("order:refundable"), value: sum("refundable") },
            ]}
          />
          <DataTable
            caption={t("order:table")}
            columns={columns}
            rows={trails}
            rowId={(trail) => trail.orderDetailId}
          />
        </>
      )}
      {unknown.length > 0 && trails.length > 0 && (
        <p className="unknown" role="status">
          {t("order:unknownSome")}{" "}
          {unknown.map((id) => (
            <ForeignText key={id} text={id} />
          ))}
        </p>
      )}
    </>
  );
}
