/** A stocktake SKU by SKU. */
import { useMemo } from "react";
import { Link } from "wouter";

import { useText } from "../../i18n";
import { DataTable, type Column } from "../../shared/data-table";
import { change, quantity } from "../../shared/format";
import { Time } from "../../shared/time";
import type { CountHead } from "../counting/places";
import type { CountLine } from "../use-count";

interface LinesTableProps {
  head: CountHead;
  /** In a blind count that is open, those who count do not see what is expected. */
  hidden: boolean;
  lines: CountLine[];
  onObservations: (skuId: string) => void;
}

export function LinesTable({ head, hidden, lines, onObservations }: LinesTableProps) {
  const { t, language } = useText();
  const { id, status } = head;
  const columns = useMemo<Column<CountLine>[]>(() => {
    const number = (
      name: "quantityExpected" | "quantityMoved" | "quantityAfter",
      header: string,
      show: (value: number) => string,
    ): Column<CountLine> => ({
      id: name,
      header,
      meta: { numeric: true },
      cell: ({ row }) => {
        const value = row.original[name];
        return value == null ? <span className="faint">–</span> : show(value);
      },
    });
    const all: Column<CountLine>[] = [
      {
        id: "skuId",
        header: t("field.skuId"),
        cell: ({ row }) => <Link href={`/sku/${row.original.skuId}`}>{row.original.skuId}</Link>,
      },
      {
        id: "quantity",
        header: t("counts:column.counted"),
        meta: { numeric: true },
        cell: ({ row: { original } }) =>
          original.quantity == null ? (
            <span className="badge warn">{t("counts:missing")}</span>
          ) : (
            <strong>{quantity(original.quantity)}</strong>
          ),
      },
    ];
    if (!hidden) {
      all.push(
        {
          id: "variance",
          header: t("counts:column.variance"),
          meta: { numeric: true },
          cell: ({ row }) => <Variance line={row.original} open={status === "OPEN"} />,
        },
        number("quantityExpected", t("counts:column.expected"), quantity),
        number("quantityMoved", t("counts:column.moved"), change),
        number("quantityAfter", t("counts:column.after"), quantity),
      );
    }
    all.push({
      id: "observations",
      header: t("counts:column.observations"),
      cell: ({ row: { original } }) =>
        original.observationCount === 0 ? null : (
          <span className="seen">
            <button
              type="button"
              aria-label={t("counts:observationsOf", { skuId: original.skuId })}
              onClick={() => onObservations(original.skuId)}
            >
              {t("counts:times", { n: original.observationCount })}
            </button>
            {original.countedAt != null && (
              <small className="faint">
                <Time at={original.countedAt} />
              </small>
            )}
          </span>
        ),
    });
    all.push({
      id: "action",
      header: status === "COMPLETED" ? t("field.entry") : "",
      meta: { numeric: true },
      cell: ({ row: { original } }) =>
        status === "COMPLETED" ? (
          original.flowId == null ? (
            <span className="faint">{t("counts:leftAsIs")}</span>
          ) : (
            <Link href={`/sku/${original.skuId}?flow=${original.flowId}`}>
              {t("counts:entry", { id: original.flowId })}
            </Link>
          )
        ) : status === "OPEN" ? (
          <Link
            className="button again"
            href={`/counts/${id}?mode=count&sku=${original.skuId}`}
            aria-label={t("counts:countSku", { skuId: original.skuId })}
          >
            {t(original.quantity == null ? "counts:countIt" : "counts:recountIt")}
          </Link>
        ) : null,
    });
    return all;
  }, [t, language, id, status, hidden, onObservations]);
  return (
    <DataTable
      caption={t("counts:lines")}
      columns={columns}
      rows={lines}
      rowId={(line) => line.skuId}
      rowClass={(line) => (isStale(line, status === "OPEN") ? "stale" : undefined)}
    />
  );
}

/** More units went out since than the shelf had. */
function isStale(line: CountLine, open: boolean): boolean {
  return open && line.quantityAfter != null && line.quantityAfter < 0;
}

function Variance({ line, open }: { line: CountLine; open: boolean }) {
  const { t } = useText();
  if (line.variance == null) return <span className="faint">–</span>;
  if (isStale(line, open)) return <span className="badge bad">{t("counts:stale")}</span>;
  if (line.variance === 0) return <span className="faint">0</span>;
  return (
    <strong className={line.variance < 0 ? "short" : "over"}>{change(line.variance)}</strong>
  );
}
