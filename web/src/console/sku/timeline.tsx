/** The flow: what happened to the SKU, the newest first, and more of it as it happens. */
import { useInfiniteQuery } from "@tanstack/react-query";

import { request } from "../api/request";
import { useText } from "../i18n";
import { MoreButton } from "../shared/more-button";
import { useSearchState } from "../shared/search-state";
import { SearchText } from "../shared/search-text";
import { Empty, Failure, Loading, Outdated } from "../shared/states";
import { EntryList } from "./entry-list";
import { fits, flowFilterOf, isFiltered, KINDS, whereOf } from "./flow-filter";
import type { Entry, History } from "./history";
import { ENTRIES } from "./sku-queries";
import type { Stock } from "./use-sku";

const PAGE = 50;
const ID_CHARACTERS_MAX = 128;
const ACTOR_CHARACTERS_MAX = 255;

interface TimelineProps {
  stock: Stock;
  history: History | undefined;
  live: Entry[];
}

export function Timeline({ stock, history, live }: TimelineProps) {
  const { t } = useText();
  const { get } = useSearchState();
  const filter = flowFilterOf(get);
  const waits = filter.inRange && history === undefined;
  const where = whereOf(stock.skuId, filter, history);
  const asked = useInfiniteQuery({
    queryKey: ["sku-entries", stock.skuId, where],
    enabled: !waits,
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) =>
      (await request(ENTRIES, { where, first: PAGE, after: pageParam }, { signal })).inventoryFlows,
    getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
  });
  const read = (asked.data?.pages ?? []).flatMap((page) => page.edges.map((edge) => edge.node));
  const known = new Set(read.map((it) => it.id));
  const came = live.filter((it) => !known.has(it.id) && fits(it, filter, history)).reverse();
  const entries = [...came, ...read];
  return (
    <section aria-labelledby="flow" className="sku-flow">
      <header className="sku-section">
        <h2 id="flow">{t("sku:flow")}</h2>
      </header>
      <Filters />
      {asked.isPending ? (
        <Loading lines={12} />
      ) : asked.isError && entries.length === 0 ? (
        <Failure error={asked.error} onRetry={() => void asked.refetch()} />
      ) : entries.length === 0 ? (
        <Empty title={t("sku:flowEmpty")} help={t("sku:flowEmptyHelp")}>
          {isFiltered(filter) && <ClearFilters />}
        </Empty>
      ) : (
        <>
          <Outdated query={asked} />
          <EntryList entries={entries} label={t("sku:flow")} />
          <MoreButton pages={asked} />
        </>
      )}
    </section>
  );
}

function ClearFilters() {
  const { t } = useText();
  const { set } = useSearchState();
  return (
    <button type="button" onClick={() => set({ kind: "", actor: "", order: "", time: "" })}>
      {t("sku:flowAll")}
    </button>
  );
}

function Filters() {
  const { t } = useText();
  const { get, set } = useSearchState();
  const { kinds, actor, orderDetailId, inRange } = flowFilterOf(get);
  return (
    <search className="filters">
      <SearchText
        label={t("field.orderDetailId")}
        value={orderDetailId}
        onSearch={(order) => set({ order })}
        charactersMax={ID_CHARACTERS_MAX}
        main
      />
      <SearchText
        label={t("field.actor")}
        value={actor}
        onSearch={(next) => set({ actor: next })}
        charactersMax={ACTOR_CHARACTERS_MAX}
      />
      <fieldset>
        <legend>{t("field.kind")}</legend>
        <div className="segments sku-kinds">
          {KINDS.map((kind) => (
            <label key={kind}>
              <input
                type="checkbox"
                checked={kinds.includes(kind)}
                onChange={(event) => {
                  const next = KINDS.filter((it) => (it === kind ? event.target.checked : kinds.includes(it)));
                  set({ kind: next.join() });
                }}
              />
              <span>{t(`kind.${kind}`)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <label className="field">
        <span>{t("field.at")}</span>
        <select value={inRange ? "range" : ""} onChange={(event) => set({ time: event.target.value })}>
          <option value="">{t("sku:anyTime")}</option>
          <option value="range">{t("sku:timeOfChart")}</option>
        </select>
      </label>
    </search>
  );
}
