/**
 * Which version a SKU had when its shelf was begun, for what was counted without a network.
 *
 * What is sold behind an observation's version is taken to have happened after it was counted, so the
 * version must be the one of that moment. The last one known is right if it is still the SKU's. If not,
 * the history tells which it was; who may not read that is told to look at the shelf again.
 */
import { ApiError } from "../../api/errors";
import { request } from "../../api/request";
import { VERSION_AT } from "../count-queries";
import { change, type Kept } from "./kept";
import { readPlaces } from "./places";

/** Settles the versions of those that are not settled. Throws if the server cannot be asked. */
export async function settleVersions(countId: string, items: readonly Kept[], signal: AbortSignal) {
  const believed = items.filter((it) => it.versionIs === "believed" && !it.attempted);
  if (believed.length === 0) return;
  const read = await readPlaces(countId, signal);
  const now = new Map(read?.places.map((place) => [place.skuId, place.version]));
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
