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
  const read = (pages.data?.pages ?? []).flatMap((page) => page.inventoryFlows.edges);
  // What came by itself is kept apart, the newest first: a page that was asked for before it would take
  // it back.
  const [live, setLive] = useState<readonly Edge[]>([]);
  const there = new Set(read.map((edge) => edge.node.id));
  const edges = [...live.filter((edge) => !there.has(edge.node.id)), ...read];

  const waiting = useRef<Edge[]>([]);
  const [paused, setPaused] = useState(false);
  const [waitingCount, setWaitingCount] = useState(0);
  const filter = JSON.stringify(where);
  // What waits fits the filter that it came under.
  useEffect(() => {
    waiting.current = [];
    setWaitingCount(0);
    setLive([]);
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
        setLive((before) => withNewest(before, [edge]));
        return;
      }
      if (waiting.current.some(({ node }) => node.id === edge.node.id)) return;
      waiting.current.push(edge);
      if (waiting.current.length > WAITING_MAX) waiting.current.shift();
      setWaitingCount((count) => count + 1);
    },
  );

  useFold(key, filter, edges, setLive);

  const pause = useCallback(() => setPaused(true), []);
  const resume = () => {
    setPaused(false);
    if (waitingCount > waiting.current.length) void queries.resetQueries({ queryKey: key });
    else {
      const came = waiting.current;
      setLive((before) => withNewest(before, came));
    }
    waiting.current = [];
    setWaitingCount(0);
  };
  return { ...pages, edges, paused, waitingCount, pause, resume };
}

/** With entries put on top, the last that was written first. */
function withNewest(before: readonly Edge[], added: readonly Edge[]): readonly Edge[] {
  const there = new Set(before.map((edge) => edge.node.id));
  return [...added.filter((edge) => !there.has(edge.node.id)).reverse(), ...before];
}

/** Once there are too many rows, the newest of them become the first page of the list. */
function useFold(
  queryKey: readonly unknown[],
  filter: string,
  edges: readonly Edge[],
  setLive: (change: (live: readonly Edge[]) => readonly Edge[]) => void,
) {
  const queries = useQueryClient();
  const latest = useRef({ queryKey, filter, edges });
  latest.current = { queryKey, filter, edges };
  const full = edges.length > ROWS_MAX;
  useEffect(() => {
    if (!full) return;
    const { queryKey: key, filter: asked } = latest.current;
    // A page that is under way belongs to the list as it was.
    void queries.cancelQueries({ queryKey: key, exact: true }).then(() => {
      if (latest.current.filter !== asked) return;
      const kept = latest.current.edges.slice(0, ROWS_KEPT);
      const folded = new Set(kept.map((edge) => edge.node.id));
      queries.setQueryData<Pages>(key, (before) => onePage(before, kept));
      setLive((live) => live.filter((edge) => !folded.has(edge.node.id)));
    });
  }, [full, queries, setLive]);
}

function onePage(before: Pages | undefined, edges: Edge[]): Pages | undefined {
  const first = before?.pages[0];
  if (before === undefined || first === undefined) return before;
  const endCursor = edges.at(-1)?.cursor ?? null;
  const pageInfo = { ...first.inventoryFlows.pageInfo, hasNextPage: true, endCursor };
  return {
    pages: [{ ...first, inventoryFlows: { ...first.inventoryFlows, edges, pageInfo } }],
    pageParams: [null],
  };
}
