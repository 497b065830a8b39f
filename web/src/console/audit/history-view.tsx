/** Everything that was ever written, of all SKUs, with what is written right now. */
import { useText } from "../i18n";
import { timeZone } from "../shared/format";
import { MoreButton } from "../shared/more-button";
import { useKey } from "../shared/use-key";
import { useSearchState } from "../shared/search-state";
import { Empty, Failure, Loading, Outdated } from "../shared/states";
import { ExportPanel, useExportPanel } from "./export-panel";
import { flowFilterOf, flowWhereOf } from "./flow-filter";
import { FlowFilterFields } from "./flow-filter-fields";
import { FlowTable } from "./flow-table";
import { useHistory } from "./use-history";

export function HistoryView() {
  const { t } = useText();
  const { get, set } = useSearchState();
  const exporting = useExportPanel();
  const filter = flowFilterOf(get, "all");
  const where = flowWhereOf(filter, timeZone());
  const fault = typeof where === "string" ? where : undefined;
  const asked = typeof where === "string" ? {} : where;
  const list = useHistory(asked, fault === undefined);
  const toggle = list.paused ? list.resume : list.pause;
  useKey("p", toggle);
  return (
    <>
      <FlowFilterFields filter={filter} fault={fault} set={set} otherwise="all" />
      <div className="above-table">
        <p className="faint" role="status">
          {list.paused
            ? t("audit:history.paused", { count: list.waitingCount })
            : t("audit:history.moving")}
        </p>
        <div className="actions">
          <button type="button" aria-pressed={list.paused} onClick={toggle}>
            {t(list.paused ? "audit:history.resume" : "audit:history.pause")} <kbd>p</kbd>
          </button>
          <button
            type="button"
            aria-expanded={exporting.open}
            disabled={fault !== undefined}
            onClick={exporting.toggle}
          >
            {t("audit:export.open")}
          </button>
        </div>
      </div>
      {exporting.open && <ExportPanel where={asked} />}
      {fault !== undefined ? null : list.isPending ? (
        <Loading lines={14} />
      ) : list.isError && list.edges.length === 0 ? (
        <Failure error={list.error} onRetry={() => void list.refetch()} />
      ) : list.edges.length === 0 ? (
        <Empty title={t("audit:history.empty")} help={t("audit:history.emptyHelp")} />
      ) : (
        <>
          <Outdated query={list} />
          <FlowTable
            whole
            caption={t("audit:history.table")}
            flows={list.edges.map((edge) => edge.node)}
          />
          <MoreButton pages={list} />
        </>
      )}
    </>
  );
}
