import { useMemo } from "react";
import { Link } from "wouter";

import { useText } from "../i18n";
import { DataTable, type Column } from "../shared/data-table";
import { quantity } from "../shared/format";
import { Time } from "../shared/time";
import type { Stock } from "./use-stocks";

interface StockTableProps {
  stocks: Stock[];
  lowUpTo: number;
  onReplenish: (stock: Stock) => void;
  onSet: (stock: Stock) => void;
}

export function StockTable({ stocks, lowUpTo, onReplenish, onSet }: StockTableProps) {
  const { t, language } = useText();
  const columns = useMemo<Column<Stock>[]>(
    () => [
      {
        id: "skuId",
        header: t("field.skuId"),
        cell: ({ row }) => <Link href={`/sku/${row.original.skuId}`}>{row.original.skuId}</Link>,
      },
      {
        id: "leavedAmount",
        header: t("field.amount"),
        meta: { numeric: true },
        // The key has a changed amount light up, by an animation that begins anew.
        cell: ({ row: { original } }) => (
          <strong key={original.version} className="amount">
            {quantity(original.leavedAmount)}
          </strong>
        ),
      },
      {
        id: "level",
        header: "",
        cell: ({ row: { original } }) =>
          original.leavedAmount === 0 ? (
            <span className="badge bad">{t("stock:soldOut")}</span>
          ) : original.leavedAmount <= lowUpTo ? (
            <span className="badge warn">{t("stock:low")}</span>
          ) : null,
      },
      {
        id: "updatedAt",
        header: t("field.updatedAt"),
        meta: { secondary: true },
        cell: ({ row }) => <Time at={row.original.updatedAt} />,
      },
      {
        id: "version",
        header: t("field.version"),
        meta: { numeric: true, secondary: true },
        cell: ({ row }) => quantity(row.original.version),
      },
      {
        id: "actions",
        header: "",
        cell: ({ row: { original } }) => (
          <div className="actions">
            <button
              type="button"
              aria-label={t("stock:replenishTitle", { skuId: original.skuId })}
              onClick={() => onReplenish(original)}
            >
              {t("stock:replenish")}
            </button>
            <button
              type="button"
              aria-label={t("stock:setTitle", { skuId: original.skuId })}
              onClick={() => onSet(original)}
            >
              {t("stock:setQuantity")}
            </button>
          </div>
        ),
      },
    ],
    [t, language, lowUpTo, onReplenish, onSet],
  );
  return <DataTable caption={t("stock:table")} columns={columns} rows={stocks} rowId={rowId} />;
}

function rowId(stock: Stock): string {
  return stock.skuId;
}
