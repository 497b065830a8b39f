/** The SKUs that fit a filter, page by page, kept current while they are looked at. */
import {
  keepPreviousData,
  useInfiniteQuery,
  useQueryClient,
  type InfiniteData,
} from "@tanstack/react-query";

import type {
  ConsoleStocksQuery,
  ConsoleStockChangedSubscription,
  InventoryOrder,
  InventoryWhere,
} from "../api/generated/graphql";
import { request } from "../api/request";
import { useLive } from "../shared/use-live";
import { SKUS_MAX } from "./stock-filter";
import { STOCK_CHANGED, STOCKS } from "./stock-queries";

export type Stock = ConsoleStocksQuery["inventories"]["edges"][number]["node"];
type Pages = InfiniteData<ConsoleStocksQuery, string | null>;

export function useStocks(where: InventoryWhere, orderBy: InventoryOrder, enabled: boolean) {
  const queries = useQueryClient();
  const key = ["stocks", where, orderBy];
  const pages = useInfiniteQuery({
    queryKey: key,
    enabled,
    // The list stands until the next one is there.
    placeholderData: keepPreviousData,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      request(STOCKS, { where, orderBy, after: pageParam }, { signal }),
    getNextPageParam: ({ inventories: { pageInfo } }) =>
      pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined,
  });
  const stocks = (pages.data?.pages ?? []).flatMap((page) =>
    page.inventories.edges.map((edge) => edge.node),
  );
  const followed = stocks.slice(0, SKUS_MAX).map((stock) => stock.skuId);
  useLive(
    STOCK_CHANGED,
    { skuIds: followed },
    followed.length === 0 ? undefined : followed.join(),
    (event) =>
      queries.setQueryData<Pages>(key, (before) => withChange(before, event.inventoryChanged)),
  );
  return { ...pages, stocks };
}

/** A row that no longer fits the filter stays until the list is asked for anew: rows do not jump away under a finger. */
function withChange(
  before: Pages | undefined,
  changed: ConsoleStockChangedSubscription["inventoryChanged"],
): Pages | undefined {
  if (before === undefined) return before;
  const pages = before.pages.map((page) => ({
    ...page,
    inventories: {
      ...page.inventories,
      edges: page.inventories.edges.map((edge) =>
        edge.node.skuId === changed.skuId && BigInt(edge.node.version) < BigInt(changed.version)
          ? { ...edge, node: { ...edge.node, ...changed } }
          : edge,
      ),
    },
  }));
  return { ...before, pages };
}
