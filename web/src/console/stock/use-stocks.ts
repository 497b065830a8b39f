/** The SKUs that fit a filter, page by page, kept current while they are looked at. */
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";

import type {
  ConsoleStocksQuery,
  ConsoleStockChangedSubscription,
  InventoryOrder,
  InventoryWhere,
} from "../api/generated/graphql";
import { request } from "../api/request";
import { useLiveOfEach } from "../shared/use-live";
import { SKUS_MAX } from "./stock-filter";
import { STOCK_CHANGED, STOCKS } from "./stock-queries";

export type Stock = ConsoleStocksQuery["inventories"]["edges"][number]["node"];
type Changed = ConsoleStockChangedSubscription["inventoryChanged"];

export function useStocks(where: InventoryWhere, orderBy: InventoryOrder, enabled: boolean) {
  const pages = useInfiniteQuery({
    queryKey: ["stocks", where, orderBy],
    enabled,
    // The list stands until the next one is there.
    placeholderData: keepPreviousData,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      request(STOCKS, { where, orderBy, after: pageParam }, { signal }),
    getNextPageParam: ({ inventories: { pageInfo } }) =>
      pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined,
  });
  // What came by itself is kept apart: a page that was asked for before it would take it back.
  const [live, setLive] = useState<ReadonlyMap<string, Changed>>(new Map());
  const read = (pages.data?.pages ?? []).flatMap((page) =>
    page.inventories.edges.map((edge) => edge.node),
  );
  const chunks = chunksOf(read.map((stock) => stock.skuId));
  useLiveOfEach(
    STOCK_CHANGED,
    chunks.map((skuIds) => ({ key: skuIds.join(), variables: { skuIds } })),
    ({ inventoryChanged }) => setLive((before) => withChange(before, inventoryChanged)),
  );
  // A row that no longer fits the filter stays until the list is asked for anew: rows do not jump away
  // under a finger.
  const stocks = read.map((stock) => newer(stock, live.get(stock.skuId)));
  return { ...pages, stocks };
}

function withChange(before: ReadonlyMap<string, Changed>, changed: Changed): ReadonlyMap<string, Changed> {
  const known = before.get(changed.skuId);
  if (known !== undefined && BigInt(known.version) >= BigInt(changed.version)) return before;
  return new Map(before).set(changed.skuId, changed);
}

function newer(stock: Stock, changed: Changed | undefined): Stock {
  if (changed === undefined || BigInt(changed.version) <= BigInt(stock.version)) return stock;
  return { ...stock, ...changed };
}

/** As many as one subscription follows. */
function chunksOf(skuIds: string[]): string[][] {
  const count = Math.ceil(skuIds.length / SKUS_MAX);
  return Array.from({ length: count }, (_, at) => skuIds.slice(at * SKUS_MAX, (at + 1) * SKUS_MAX));
}
