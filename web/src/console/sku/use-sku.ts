/** One SKU and its history, kept current while they are looked at. */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";

import type { ConsoleSkuQuery } from "../api/generated/graphql";
import { request } from "../api/request";
import { useLive } from "../shared/use-live";
import { fetchHistory, withEntry, type Entry, type History } from "./history";
import type { RangeChoice } from "./range";
import { APPENDED, NEWEST, SKU, SKU_CHANGED } from "./sku-queries";

export type Stock = NonNullable<ConsoleSkuQuery["inventory"]>;

/** So many entries that came by themselves are kept; older ones are asked for again. */
const LIVE_ENTRIES_MAX = 1_000;
const BEHIND_MS = 1_500;

/** The amount; null where the SKU is not on the books. */
export function useStock(skuId: string) {
  // What came by itself is kept apart: an answer that was asked for before it would take it back.
  const [live, setLive] = useState<Stock>();
  const stock = useQuery({
    queryKey: ["sku", skuId],
    queryFn: ({ signal }) => request(SKU, { skuId }, { signal }),
  });
  useLive(SKU_CHANGED, { skuId }, stock.data?.inventory ? skuId : undefined, ({ inventoryChanged }) =>
    setLive((before) => newest(before, inventoryChanged)),
  );
  const inventory = stock.data?.inventory;
  const data = inventory ? { inventory: newest(inventory, live) } : stock.data;
  return { ...stock, data };
}

/** Of the same SKU, the one that was written last. */
function newest<Known extends Stock | undefined>(one: Known, other: Stock | undefined): Stock | Known {
  if (other === undefined) return one;
  return one === undefined || BigInt(other.version) > BigInt(one.version) ? other : one;
}

/** Where the history has come to, and the entries that were written since, oldest first. */
export function useLiveEntries(skuId: string) {
  const queries = useQueryClient();
  const [entries, setEntries] = useState<Entry[]>([]);
  const newest = useQuery({
    queryKey: ["sku-newest", skuId],
    queryFn: ({ signal }) => request(NEWEST, { skuId }, { signal }),
  });
  const after = newest.data?.inventoryFlows.edges[0]?.cursor ?? null;
  useLive(
    APPENDED,
    { where: { skuId: [skuId] }, after },
    newest.data === undefined ? undefined : skuId,
    ({ inventoryFlowAppended: { cursor, node } }, variables) => {
      variables.after = cursor;
      setEntries((before) => {
        if (before.some((it) => it.id === node.id)) return before;
        return before.length < LIVE_ENTRIES_MAX ? [...before, node] : [node];
      });
    },
  );
  // What is kept begins anew, so that what was shown before has to be read again.
  const full = entries.length === LIVE_ENTRIES_MAX;
  useEffect(() => {
    if (!full) return;
    void queries.invalidateQueries({ queryKey: ["sku-history", skuId] });
    void queries.invalidateQueries({ queryKey: ["sku-entries", skuId] });
  }, [full, queries, skuId]);
  return { newest, entries };
}

/** What the chart draws, with what came by itself. */
export function useHistory(stock: Stock, range: RangeChoice, live: Entry[]) {
  const { skuId, createdAt, version } = stock;
  const read = useQuery({
    queryKey: ["sku-history", skuId, range],
    queryFn: ({ signal }) => fetchHistory(skuId, Date.parse(createdAt), range, signal),
    placeholderData: keepPreviousData,
  });
  const history = useMemo(() => read.data && withEntries(read.data, live), [read.data, live]);
  // Amounts may come where entries do not: then the entries are asked for again, a moment later.
  const behind = history !== undefined && history.open && history.sequence < Number(version);
  const { refetch } = read;
  useEffect(() => {
    if (!behind) return undefined;
    const timer = setTimeout(() => void refetch(), BEHIND_MS);
    return () => clearTimeout(timer);
  }, [behind, version, refetch]);
  return { history, error: read.error, isPending: read.isPending, stale: read.isPlaceholderData, refetch };
}

function withEntries(history: History, entries: Entry[]): History {
  return entries.reduce((before, entry) => withEntry(before, entry) ?? before, history);
}
