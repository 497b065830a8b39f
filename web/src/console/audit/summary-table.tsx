import { useMemo } from "react";
import { Link } from "wouter";

import { useText } from "../i18n";
import { DataTable, type Column } from "../shared/data-table";
import { OrderLink } from "../shared/entry-link";
import { ForeignText } from "../shared/foreign-text";
import { change, quantity, utcTime } from "../shared/format";
import { KindBadge } from "../shared/kind-badge";
import type { FlowFilter } from "./flow-filter";
import { periodName, type Grouping } from "./summary-filter";
import type { Group } from "./summary-view";

interface SummaryTableProps {
  groups: Group[];
  grouping: Grouping;
  filter: FlowFilter;
}

export function SummaryTable({ groups, grouping, filter }: SummaryTableProps) {
  const { t, language } = useText();
  const { period, parts, zone } = grouping;
  const shape = [period, ...parts].join();
  const columns = useMemo<Column<Group>[]>(() => {
    const of: Column<Group>[] = [];
    if (period !== undefined) {
      of.push({
        id: "period",
        header: t(`audit:summary.periods.${period}`),
        cell: ({ row: { original } }) =>
          original.periodStart == null ? null : (
            <time dateTime={original.periodStart} title={utcTime(original.periodStart)}>
              {periodName(original.periodStart, period, zone, language)}
            </time>
          ),
      });
    }
    if (parts.includes("SKU")) {
      of.push({
        id: "skuId",
        header: t("field.skuId"),
        cell: ({ row: { original } }) => (
          <Link href={`/sku/${original.skuId}`}>{original.skuId}</Link>
        ),
      });
    }
    if (parts.includes("KIND")) {
      of.push({
        id: "kind",
        header: t("field.kind"),
        cell: ({ row: { original } }) =>
          original.kind == null ? null : <KindBadge kind={original.kind} />,
      });
    }
    if (parts.includes("ACTOR")) {
      of.push({
        id: "actor",
        header: t("field.actor"),
        cell: ({ row: { original } }) => <ForeignText text={original.actor ?? ""} />,
      });
    }
    if (parts.includes("ORDER_DETAIL")) {
      of.push({
        id: "order",
        header: t("field.orderDetailId"),
        cell: ({ row: { original } }) =>
          original.orderDetailId == null ? (
            <span className="faint">{t("audit:summary.noOrder")}</span>
          ) : (
            <OrderLink orderDetailId={original.orderDetailId} />
          ),
      });
    }
    return [
      ...of,
      {
        id: "entries",
        header: t("audit:run.entries"),
        meta: { numeric: true },
        cell: ({ row: { original } }) => (
          <Link href={historyOf(original, filter)} title={t("audit:summary.showEntries")}>
            {quantity(original.entryCount)}
          </Link>
        ),
      },
      {
        id: "out",
        header: t("audit:summary.out"),
        meta: { numeric: true },
        cell: ({ row }) => quantity(row.original.unitsOut),
      },
      {
        id: "in",
        header: t("audit:summary.in"),
        meta: { numeric: true },
        cell: ({ row }) => quantity(row.original.unitsIn),
      },
      {
        id: "change",
        header: t("audit:summary.change"),
        meta: { numeric: true },
        cell: ({ row }) => <strong>{change(String(-BigInt(row.original.net)))}</strong>,
      },
    ];
  }, [t, language, shape, zone, filter]);
  return (
    <DataTable
      caption={t("audit:summary.table")}
      columns={columns}
      rows={groups}
      rowId={(group) =>
        JSON.stringify([
          group.periodStart,
          group.skuId,
          group.kind,
          group.actor,
          group.orderDetailId,
        ])
      }
    />
  );
}

/** The entries of a group, in the history. Those without an order line cannot be asked for alone. */
function historyOf(group: Group, filter: FlowFilter): string {
  const parameters = new URLSearchParams();
  const set = (name: string, value: string | null | undefined) => {
    if (value != null && value !== "") parameters.set(name, value);
  };
  const span = filter.span.preset === "custom" ? filter.span : undefined;
  set("find", group.skuId ?? filter.find);
  set("kind", group.kind ?? filter.kinds.join());
  set("actor", group.actor ?? filter.actor);
  set("order", group.orderDetailId ?? filter.orderDetailId);
  set("key", filter.idempotencyKey);
  set("from", latest(group.periodStart, span?.from));
  set("to", earliest(group.periodEnd, span?.to));
  if (group.periodStart == null && span === undefined && filter.span.preset !== "all") {
    set("range", filter.span.preset);
  }
  return `/audit/history?${parameters}`;
}

/** Of a period that the filter cuts, only what is within both. */
function latest(one: string | null | undefined, other: string | undefined): string {
  return [one ?? "", other ?? ""].reduce((a, b) =>
    b === "" || (a !== "" && Date.parse(a) > Date.parse(b)) ? a : b,
  );
}

function earliest(one: string | null | undefined, other: string | undefined): string {
  return [one ?? "", other ?? ""].reduce((a, b) =>
    b === "" || (a !== "" && Date.parse(a) < Date.parse(b)) ? a : b,
  );
}
