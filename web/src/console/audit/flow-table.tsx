import { useMemo } from "react";
import { Link } from "wouter";

import type { ConsoleAuditFlowFragment } from "../api/generated/graphql";
import { useText } from "../i18n";
import { DataTable, type Column } from "../shared/data-table";
import { EntryLink, OrderLink } from "../shared/entry-link";
import { ForeignText } from "../shared/foreign-text";
import { change, quantity } from "../shared/format";
import { KindBadge } from "../shared/kind-badge";
import { Time } from "../shared/time";
import "./flow-table.css";

export type FlowRow = ConsoleAuditFlowFragment & {
  idempotencyKey?: string;
};

interface FlowTableProps {
  caption: string;
  flows: FlowRow[];
  /** With the key of the request, which the rows have to have then. */
  whole?: boolean;
  rowClass?: (flow: FlowRow) => string | undefined;
}

/** Entries of any SKUs, a line each. */
export function FlowTable({ caption, flows, whole, rowClass }: FlowTableProps) {
  const { t, language } = useText();
  const columns = useMemo<Column<FlowRow>[]>(() => {
    const some: Column<FlowRow>[] = [
      {
        id: "entry",
        header: t("field.entry"),
        cell: ({ row: { original } }) => <EntryLink skuId={original.skuId} flowId={original.id} />,
      },
      {
        id: "at",
        header: t("field.at"),
        cell: ({ row }) => <Time at={row.original.createdAt} />,
      },
      {
        id: "skuId",
        header: t("field.skuId"),
        cell: ({ row }) => <Link href={`/sku/${row.original.skuId}`}>{row.original.skuId}</Link>,
      },
      {
        id: "kind",
        header: t("field.kind"),
        cell: ({ row }) => <KindBadge kind={row.original.kind} />,
      },
      {
        id: "change",
        header: t("audit:table.change"),
        meta: { numeric: true },
        // Column `quantity_trade` counts what was taken; whoever reads a stock thinks the other way.
        cell: ({ row }) => <strong>{change(-row.original.quantityTrade)}</strong>,
      },
      {
        id: "amounts",
        header: t("audit:table.amounts"),
        meta: { numeric: true },
        cell: ({ row: { original } }) =>
          `${quantity(original.quantityBefore)} → ${quantity(original.quantityAfter)}`,
      },
      {
        id: "order",
        header: t("field.orderDetailId"),
        cell: ({ row: { original } }) =>
          original.orderDetailId == null ? null : (
            <OrderLink orderDetailId={original.orderDetailId} />
          ),
      },
      {
        id: "actor",
        header: t("field.actor"),
        cell: ({ row }) => <ForeignText text={row.original.actor} />,
      },
      {
        id: "reason",
        header: t("field.reason"),
        cell: ({ row: { original } }) =>
          original.reason == null ? null : <ForeignText text={original.reason} />,
      },
    ];
    if (whole !== true) return some;
    return [
      ...some,
      {
        id: "key",
        header: t("audit:filter.key"),
        cell: ({ row }) => <ForeignText mono text={row.original.idempotencyKey ?? ""} />,
      },
    ];
  }, [t, language, whole]);
  return (
    <div className="flow-table">
      <DataTable
        caption={caption}
        columns={columns}
        rows={flows}
        rowId={(flow) => flow.id}
        {...(rowClass === undefined ? {} : { rowClass })}
      />
    </div>
  );
}
