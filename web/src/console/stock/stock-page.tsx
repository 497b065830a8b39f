/** Which SKUs there are and what is left of them, moving as sales happen. */
import { useCallback, useEffect, useState } from "react";

import { useText } from "../i18n";
import { MoreButton } from "../shared/more-button";
import { PageHeading } from "../shared/page-heading";
import { useSearchState } from "../shared/search-state";
import { Empty, Failure, Loading, Outdated } from "../shared/states";
import { ReplenishDialog, SetQuantityDialog, type ChangedStock } from "./change-dialogs";
import { CreateDialog } from "./create-dialog";
import { filterOf, LOW_UP_TO, ORDERS, SHOWN, SKUS_MAX, whereOf } from "./stock-filter";
import { StockTable } from "./stock-table";
import { useStocks } from "./use-stocks";

type Open = { dialog: "replenish" | "set"; stock: ChangedStock } | { dialog: "create" } | undefined;

export function StockPage() {
  const { t } = useText();
  const { get, set } = useSearchState();
  const [open, setOpen] = useState<Open>();
  const filter = filterOf(get);
  const where = whereOf(filter);
  const fault = typeof where === "string" ? where : undefined;
  const list = useStocks(typeof where === "string" ? {} : where, filter.order, fault === undefined);
  const close = () => setOpen(undefined);
  // The same at each render, so that the table keeps its buttons, and a dialog finds its opener again.
  const replenish = useCallback((stock: ChangedStock) => setOpen({ dialog: "replenish", stock }), []);
  const setQuantity = useCallback((stock: ChangedStock) => setOpen({ dialog: "set", stock }), []);
  // What is added to is what there is by now.
  const current = (stock: ChangedStock) =>
    list.stocks.find(({ skuId }) => skuId === stock.skuId) ?? stock;
  const filtered = filter.find !== "" || filter.shown !== "all";
  return (
    <>
      <PageHeading title={t("stock:title")}>
        <button type="button" onClick={() => setOpen({ dialog: "create" })}>
          {t("stock:create")}
        </button>
      </PageHeading>
      <search className="filters">
        <Find value={filter.find} onFind={(find) => set({ find })} fault={fault} />
        <fieldset>
          <legend>{t("stock:show")}</legend>
          <div className="segments">
            {SHOWN.map((shown) => (
              <label key={shown}>
                <input
                  type="radio"
                  name="show"
                  checked={filter.shown === shown}
                  onChange={() => set({ show: shown === "all" ? "" : shown })}
                />
                <span>
                  {t(
                    shown === "all"
                      ? "stock:showAll"
                      : shown === "low"
                        ? "stock:showLow"
                        : "stock:showSoldOut",
                  )}
                </span>
              </label>
            ))}
          </div>
        </fieldset>
        <LowUpTo
          value={filter.lowUpTo}
          onChange={(low) => set({ low: low === LOW_UP_TO ? "" : String(low) })}
        />
        <label className="field">
          <span>{t("stock:order")}</span>
          <select
            value={filter.order}
            onChange={(event) =>
              set({ order: event.target.value === "SKU_ASC" ? "" : event.target.value })
            }
          >
            {ORDERS.map((order) => (
              <option key={order} value={order}>
                {t(`stock:orders.${order}`)}
              </option>
            ))}
          </select>
        </label>
      </search>
      {fault !== undefined ? null : list.isPending ? (
        <Loading lines={12} />
      ) : list.isError && list.stocks.length === 0 ? (
        <Failure error={list.error} onRetry={() => void list.refetch()} />
      ) : list.stocks.length === 0 ? (
        filtered ? (
          <Empty title={t("stock:empty")} help={t("stock:emptyHelp")} />
        ) : (
          <Empty title={t("stock:none")} help={t("stock:noneHelp")} />
        )
      ) : (
        <>
          <Outdated query={list} />
          <StockTable
            stocks={list.stocks}
            lowUpTo={filter.lowUpTo}
            onReplenish={replenish}
            onSet={setQuantity}
          />
          <MoreButton pages={list} />
        </>
      )}
      {open?.dialog === "create" && <CreateDialog onClose={close} />}
      {open?.dialog === "replenish" && <ReplenishDialog stock={current(open.stock)} onClose={close} />}
      {open?.dialog === "set" && <SetQuantityDialog stock={open.stock} onClose={close} />}
    </>
  );
}

/** Filters when it is sent or left: 50 is not first 5. */
function LowUpTo({ value, onChange }: { value: number; onChange: (value: number) => void }) {
  const { t } = useText();
  const [typed, setTyped] = useState(String(value));
  useEffect(() => setTyped(String(value)), [value]);
  const take = () => {
    const low = Number(typed);
    if (!Number.isSafeInteger(low) || low < 1) setTyped(String(value));
    else if (low !== value) onChange(low);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        take();
      }}
    >
      <label className="field narrow">
        <span>{t("stock:lowUpTo")}</span>
        <input
          inputMode="numeric"
          enterKeyHint="done"
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={take}
        />
      </label>
    </form>
  );
}

interface FindProps {
  value: string;
  onFind: (find: string) => void;
  fault: "findInvalid" | "findTooMany" | undefined;
}

/** Searches when it is sent or left, not at each letter. */
function Find({ value, onFind, fault }: FindProps) {
  const { t } = useText();
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  return (
    <form
      className="find"
      onSubmit={(event) => {
        event.preventDefault();
        onFind(typed.trim());
      }}
    >
      <label className="field">
        <span>{t("stock:find")}</span>
        <input
          data-search
          type="search"
          enterKeyHint="search"
          autoComplete="off"
          placeholder="1001-1999"
          aria-describedby="find-help"
          aria-invalid={fault !== undefined}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            if (event.target.value === "") onFind("");
          }}
          onBlur={() => onFind(typed.trim())}
        />
        <span id="find-help" className={fault === undefined ? "hint" : "fault"}>
          {fault === undefined ? t("stock:findHelp") : t(`stock:${fault}`, { max: SKUS_MAX })}
        </span>
      </label>
    </form>
  );
}
