/**
 * What a stocktake is of: its SKUs and their versions. The last answer is kept on this device, so that
 * counting goes on, and begins anew after a reload, where there is no network.
 */
import { createStore, delMany, get, keys, set, type UseStore } from "idb-keyval";

import { NetworkError } from "../../api/errors";
import type { ConsoleCountQuery } from "../../api/generated/graphql";
import { request } from "../../api/request";
import { COUNT, COUNT_PLACES } from "../count-queries";
import { owner } from "./owner";

export type CountHead = NonNullable<ConsoleCountQuery["inventoryCount"]>;

export interface Place {
  skuId: string;
  version: string;
  /** The version named by the observation that counts; null while there is none. */
  countedVersion: string | null;
  cursor: string;
}

export interface Places {
  head: CountHead;
  places: Place[];
  /** When the versions were read. */
  readAt: string;
  /** They are those of the last time: the server cannot be reached. */
  old: boolean;
}

/** A stocktake has 5,000 SKUs at most. */
const PAGE = 200;
const PAGES_MAX = 25;
const SNAPSHOTS_MAX = 20;
/** A network that takes longer keeps nobody waiting who can go on without. */
const READ_MS_MAX = 10_000;

let store: UseStore | undefined;

function table(): UseStore {
  store ??= createStore("stockflow-counts", "places");
  return store;
}

function named(countId: string): string {
  return `${owner()}/${countId}`;
}

/** Reads all SKUs of a stocktake, and keeps them; null if there is no such stocktake. */
export async function readPlaces(countId: string, signal?: AbortSignal): Promise<Places | null> {
  const { inventoryCount: head } = await request(COUNT, { id: countId }, { signal });
  if (head == null) return null;
  const places: Place[] = [];
  const readAt = new Date().toISOString();
  let after: string | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const variables: { id: string; first: number; after: string | null } = {
      id: countId,
      first: PAGE,
      after,
    };
    const { inventoryCount } = await request(COUNT_PLACES, variables, { signal });
    if (inventoryCount == null) return null;
    for (const { cursor, node } of inventoryCount.lines.edges) {
      const { skuId, version, countedVersion } = node;
      places.push({ skuId, version, countedVersion: countedVersion ?? null, cursor });
    }
    const { hasNextPage, endCursor } = inventoryCount.lines.pageInfo;
    if (!hasNextPage || endCursor == null) break;
    after = endCursor;
  }
  const read: Places = { head, places, readAt, old: false };
  await keep(countId, read);
  return read;
}

async function keep(countId: string, read: Places) {
  try {
    await set(named(countId), read, table());
    const names = await keys<string>(table());
    // Those of long ago: the numbers of stocktakes grow.
    const number = (name: string) => Number(name.split("/")[1]);
    const old = names.sort((one, other) => number(one) - number(other)).slice(0, -SNAPSHOTS_MAX);
    if (old.length > 0) await delMany(old.filter((name) => name !== named(countId)), table());
  } catch (error) {
    console.warn(`the SKUs of the stocktake are not kept: ${String(error)}`);
  }
}

/** The same, or what was read the last time where the server cannot be reached, or not soon. */
export async function placesOf(countId: string, signal: AbortSignal): Promise<Places | null> {
  const kept = await keptPlaces(countId);
  if (kept === undefined) return readPlaces(countId, signal);
  const late = new AbortController();
  const stop = () => late.abort();
  signal.addEventListener("abort", stop);
  const timer = setTimeout(stop, READ_MS_MAX);
  try {
    return await readPlaces(countId, late.signal);
  } catch (error) {
    const lost = error instanceof NetworkError || (late.signal.aborted && !signal.aborted);
    if (!lost) throw error;
    return { ...kept, old: true };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

function keptPlaces(countId: string): Promise<Places | undefined> {
  return Promise.resolve()
    .then(() => get<Places>(named(countId), table()))
    .catch(() => undefined);
}
