/**
 * Which version a SKU had when its shelf was begun.
 *
 * What is sold behind an observation's version is taken to have happened after it was counted, so the
 * version must be the one of that moment. It is asked for when a shelf is begun. Without a network the
 * last one known stands in, which is right if it is still the SKU's when there is one again. If not,
 * the history tells which it was; who may not read that is told to look at the shelf again.
 */
import { ApiError } from "../../api/errors";
import { request } from "../../api/request";
import { COUNT_PLACE, VERSION_AT, VERSION_NOW } from "../count-queries";
import { change, type Kept } from "./kept";
import { owner } from "./owner";
import { readPlaces, type Place } from "./places";

/** More SKUs than these are read as pages of the stocktake. */
const ONE_BY_ONE_MAX = 10;

/** The visitor who may not see amounts, as is right for who counts blind. */
let withoutAmounts: string | undefined;
/** The server reads all of a stocktake for a line of it, so that one is asked for at a time. */
let asking = false;

/** The version of one SKU as it is at this moment; undefined if it is not to be had. */
export async function versionNow(
  countId: string,
  skuId: string,
  places: readonly Place[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const version = await versionByAmount(skuId, signal);
  if (version !== undefined || withoutAmounts !== owner()) return version;
  const at = places.findIndex((place) => place.skuId === skuId);
  if (at < 0 || asking) return undefined;
  asking = true;
  try {
    // Lines are in the order of their SKUs: the one behind its neighbour is the one.
    const after = places[at - 1]?.cursor ?? null;
    const { inventoryCount } = await request(COUNT_PLACE, { id: countId, after }, { signal });
    const line = inventoryCount?.lines.nodes[0];
    return line?.skuId === skuId ? line.version : undefined;
  } finally {
    asking = false;
  }
}

async function versionByAmount(skuId: string, signal: AbortSignal) {
  if (withoutAmounts === owner()) return undefined;
  try {
    return (await request(VERSION_NOW, { skuId }, { signal })).inventory?.version;
  } catch (error) {
    if (!(error instanceof ApiError && error.code === "FORBIDDEN")) throw error;
    withoutAmounts = owner();
    return undefined;
  }
}

/** Settles the versions of those that are not settled. Throws if the server cannot be asked. */
export async function settleVersions(countId: string, items: readonly Kept[], signal: AbortSignal) {
  const believed = items.filter((it) => it.versionIs === "believed" && !it.attempted);
  if (believed.length === 0) return;
  const now = await versionsNow(countId, believed, signal);
  for (const item of believed) {
    const settled =
      now.get(item.skuId) === item.version ? item.version : await versionAt(item, signal);
    await change(item.key, (before) => {
      if (before === undefined || before.attempted || before.versionIs !== "believed") return undefined;
      return settled === undefined
        ? { ...before, versionIs: "unsure" }
        : { ...before, versionIs: "read", version: settled };
    });
  }
}

async function versionsNow(countId: string, items: readonly Kept[], signal: AbortSignal) {
  const skuIds = [...new Set(items.map((it) => it.skuId))];
  const versions = new Map<string, string>();
  if (skuIds.length <= ONE_BY_ONE_MAX) {
    for (const skuId of skuIds) {
      const version = await versionByAmount(skuId, signal);
      if (version !== undefined) versions.set(skuId, version);
    }
    if (withoutAmounts !== owner()) return versions;
  }
  const read = await readPlaces(countId, signal);
  return new Map(read?.places.map((place) => [place.skuId, place.version]));
}

async function versionAt({ skuId, startedAt, version }: Kept, signal: AbortSignal) {
  try {
    const { inventory } = await request(VERSION_AT, { skuId, at: startedAt }, { signal });
    const then = inventory?.asOf?.version;
    if (then === undefined) return undefined;
    // The version was known before the shelf was begun, whatever this device's clock says.
    return BigInt(then) > BigInt(version) ? then : version;
  } catch (error) {
    if (error instanceof ApiError && !error.retryable) return undefined;
    throw error;
  }
}
