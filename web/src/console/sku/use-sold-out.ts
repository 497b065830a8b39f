import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { request } from "../api/request";
import type { History } from "./history";
import { iso } from "./range";
import { SOLD_OUT } from "./sku-queries";

/** The times in which the SKU had nothing left, of those that began in the range; the newest first. */
export function useSoldOut(skuId: string, history: History) {
  const { from, to, open } = history;
  const ranOutAt = { from: iso(from), ...(open ? {} : { to: iso(to) }) };
  const asked = useInfiniteQuery({
    // It is asked for again when the SKU runs out, or comes back, before the visitor's eyes.
    queryKey: ["sku-sold-out", skuId, ranOutAt, history.points.at(-1)?.amount === 0],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) =>
      (await request(SOLD_OUT, { skuId, ranOutAt, after: pageParam }, { signal })).inventorySoldOutSpans,
    getNextPageParam: (page) => (page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
    placeholderData: (before) => before,
  });
  const { data } = asked;
  const spans = useMemo(() => (data?.pages ?? []).flatMap((page) => page?.nodes ?? []), [data]);
  return { ...asked, spans };
}
