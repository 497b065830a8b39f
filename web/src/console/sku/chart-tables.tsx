/** What the charts draw, as tables; the entries themselves are in the flow below. */
import { useMemo } from "react";

import { useText } from "../i18n";
import { DataTable, type Column } from "../shared/data-table";
import { quantity } from "../shared/format";
import { Time } from "../shared/time";
import type { History, Point } from "./history";
import type { RefusedGroup } from "./refused";

interface ChartTablesProps {
  history: History;
  points: Point[];
  groups: RefusedGroup[];
}

export function ChartTables({ history, points, groups }: ChartTablesProps) {
  const { t, language } = useText();
  const periods = useMemo<Column<Point>[]>(
    () => [
      { id: "from", header: t("field.from"), cell: ({ row }) => <Time at={row.original.period?.periodStart ?? ""} /> },
      { id: "to", header: t("field.to"), cell: ({ row }) => <Time at={row.original.period?.periodEnd ?? ""} /> },
      numeric("entries", t("sku:entries"), (it) => it.period?.entryCount ?? "0"),
      numeric("out", t("sku:unitsOut"), (it) => it.period?.unitsOut ?? "0"),
      numeric("in", t("sku:unitsIn"), (it) => it.period?.unitsIn ?? "0"),
      numeric("amount", t("sku:amountThen"), (it) => it.amount),
    ],
    [t, language],
  );
  const refused = useMemo<Column<RefusedGroup>[]>(
    () => [
      { id: "from", header: t("field.from"), cell: ({ row }) => <Time at={row.original.periodStart ?? ""} /> },
      { id: "to", header: t("field.to"), cell: ({ row }) => <Time at={row.original.periodEnd ?? ""} /> },
      numeric("refusals", t("sku:refusals"), (it) => it.refusalCount),
      numeric("requested", t("sku:requested"), (it) => it.unitsRequested),
      numeric("missing", t("sku:missing"), (it) => it.unitsMissing),
    ],
    [t, language],
  );
  const sums = points.filter((it) => it.period !== undefined);
  return (
    <>
      {history.grain !== "ENTRY" && sums.length > 0 && (
        <details className="sku-table">
          <summary>{t("sku:overTimeTable")}</summary>
          <DataTable caption={t("sku:overTime")} columns={periods} rows={sums} rowId={(it) => String(it.at)} />
        </details>
      )}
      {groups.length > 0 && (
        <details className="sku-table">
          <summary>{t("sku:refusedTable")}</summary>
          <DataTable caption={t("sku:refused")} columns={refused} rows={groups} rowId={(it) => it.periodStart ?? ""} />
        </details>
      )}
    </>
  );
}

function numeric<Row extends object>(id: string, header: string, value: (row: Row) => number | string): Column<Row> {
  return { id, header, meta: { numeric: true }, cell: ({ row }) => quantity(value(row.original)) };
}
