/** One stocktake, kept current while it is looked at. */
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import type { ConsoleCountLinesQuery, ConsoleCountSummaryQuery, InventoryCountLineKind } from "../api/generated/graphql";
import { request } from "../api/request";
import { COUNT, COUNT_LINES, COUNT_SUMMARY } from "./count-queries";
import { placesOf } from "./counting/places";

const HEAD_MS = 10_000;
const PLACES_MS = 60_000;
/** The SKUs of a larger stocktake are read when counting begins and when it goes on after an outage. */
const PLACES_MAX = 1_000;
const LINES = 50;

export type CountLine = NonNullable<ConsoleCountLinesQuery["inventoryCount"]>["lines"]["nodes"][number];

export function useCount(countId: string) {
  return useQuery({
    queryKey: ["count", countId, "head"],
    queryFn: async ({ signal }) =>
      (await request(COUNT, { id: countId }, { signal })).inventoryCount ?? null,
    refetchInterval: ({ state }) => (state.data?.status === "OPEN" ? HEAD_MS : false),
  });
}

/** What counting needs, from this device where the server cannot be reached. */
export function usePlaces(countId: string, enabled: boolean) {
  return useQuery({
    queryKey: ["places", countId],
    enabled,
    queryFn: ({ signal }) => placesOf(countId, signal),
    retry: 1,
    refetchOnReconnect: "always",
    refetchInterval: ({ state: { data } }) =>
      data?.old === true || (data?.head.skuCount ?? 0) <= PLACES_MAX ? PLACES_MS : false,
  });
}

export type CountSummary = NonNullable<ConsoleCountSummaryQuery["inventoryCount"]>["summary"];

/** What a stocktake comes to in all, as of its revision. */
export function useCountSummary(countId: string, revision: string) {
  useRevised(["count", countId, "summary"], revision);
  return useQuery({
    queryKey: ["count", countId, "summary"],
    queryFn: async ({ signal }) =>
      (await request(COUNT_SUMMARY, { id: countId }, { signal })).inventoryCount?.summary ?? null,
  });
}

/** What a stocktake comes to SKU by SKU, as of its revision. */
export function useCountLines(countId: string, revision: string, only: InventoryCountLineKind | undefined) {
  useRevised(["count", countId, "lines"], revision);
  const pages = useInfiniteQuery({
    queryKey: ["count", countId, "lines", only],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      const kinds = only === undefined ? null : [only];
      const variables = { id: countId, only: kinds, first: LINES, after: pageParam };
      return (await request(COUNT_LINES, variables, { signal })).inventoryCount?.lines;
    },
    getNextPageParam: (page) =>
      page?.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? undefined) : undefined,
  });
  const lines = (pages.data?.pages ?? []).flatMap((page) => page?.nodes ?? []);
  return { ...pages, lines };
}

/** Asks again for what depends on what was recorded. */
function useRevised([kind, countId, what]: readonly [string, string, string], revision: string) {
  const queries = useQueryClient();
  const seen = useRef(revision);
  useEffect(() => {
    if (seen.current === revision) return;
    seen.current = revision;
    void queries.invalidateQueries({ queryKey: [kind, countId, what] });
  }, [queries, kind, countId, what, revision]);
}
