/**
 * The entries that fit a filter, the newest first, with those that are written while they are looked at.
 * Entries of several SKUs may appear a moment after one with a greater id, so the subscription begins a
 * little before the newest, and what is there already is left out.
 */
import { useInfiniteQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";

import type { ConsoleHistoryQuery, InventoryFlowWhere } from "../api/generated/graphql";
import { request } from "../api/request";
import { useLive } from "../shared/use-live";
import { FLOW_APPENDED, HISTORY } from "./audit-queries";

type Edge = ConsoleHistoryQuery["inventoryFlows"]["edges"][number];
type Pages = InfiniteData<ConsoleHistoryQuery, string | null>;

/** So many entries wait behind a pause; beyond that the list begins anew. */
const WAITING_MAX = 500;
/** So many rows are kept while new ones come in; older ones are a page further down again. */
const ROWS_MAX = 1_000;
const ROWS_KEPT = 600;

export function useHistory(where: InventoryFlowWhere, enabled: boolean) {
  const queries = useQueryClient();
  const key = ["history", where];
  const pages = useInfiniteQuery({
    queryKey: key,
    enabled,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      request(HISTORY, { where, after: pageParam, begin: pageParam === null }, { signal }),
    getNextPageParam: ({ inventoryFlows: { pageInfo } }) =>
      pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined,
    // New entries come by themselves, and nothing is to move while it is read.
    refetchOnWindowFocus: false,
  });
  const edges = (pages.data?.pages ?? []).flatMap((page) => page.inventoryFlows.edges);

  const waiting = useRef<Edge[]>([]);
  const [paused, setPaused] = useState(false);
  const [waitingCount, setWaitingCount] = useState(0);
  const filter = JSON.stringify(where);
  // What waits fits the filter that it came under.
  useEffect(() => {
    waiting.current = [];
    setWaitingCount(0);
  }, [filter]);
  const newest = pages.data?.pages[0]?.newest?.edges.at(-1)?.cursor ?? null;
  const shown = new Set(edges.map((edge) => edge.node.id));
  useLive(
    FLOW_APPENDED,
    { where, after: newest },
    enabled && pages.isSuccess ? filter : undefined,
    ({ inventoryFlowAppended: edge }, variables) => {
      variables.after = edge.cursor;
      if (shown.has(edge.node.id)) return;
      if (!paused) {
        queries.setQueryData<Pages>(key, (before) => withNewest(before, [edge]));
        return;
      }
      if (waiting.current.some(({ node }) => node.id === edge.node.id)) return;
      waiting.current.push(edge);
      if (waiting.current.length > WAITING_MAX) waiting.current.shift();
      setWaitingCount((count) => count + 1);
    },
  );

  const pause = useCallback(() => setPaused(true), []);
  const resume = () => {
    setPaused(false);
    if (waitingCount > waiting.current.length) void queries.resetQueries({ queryKey: key });
    else queries.setQueryData<Pages>(key, (before) => withNewest(before, waiting.current));
    waiting.current = [];
    setWaitingCount(0);
  };
  return { ...pages, edges, paused, waitingCount, pause, resume };
}

/** The rows with entries put on top, the last that was written first. */
function withNewest(before: Pages | undefined, added: readonly Edge[]): Pages | undefined {
  const [first, ...rest] = before?.pages ?? [];
  if (before === undefined || first === undefined) return before;
  const there = new Set(first.inventoryFlows.edges.map((edge) => edge.node.id));
  const fresh = added.filter((edge) => !there.has(edge.node.id)).reverse();
  const top = {
    ...first,
    inventoryFlows: { ...first.inventoryFlows, edges: [...fresh, ...first.inventoryFlows.edges] },
  };
  const rows = [top, ...rest].reduce((all, page) => all + page.inventoryFlows.edges.length, 0);
  if (rows <= ROWS_MAX) return { ...before, pages: [top, ...rest] };
  const kept = [top, ...rest].flatMap((page) => page.inventoryFlows.edges).slice(0, ROWS_KEPT);
  const pageInfo = {
    ...first.inventoryFlows.pageInfo,
    hasNextPage: true,
    endCursor: kept.at(-1)?.cursor ?? null,
  };
  return {
    pages: [{ ...first, inventoryFlows: { ...first.inventoryFlows, edges: kept, pageInfo } }],
    pageParams: [null],
  };
}
