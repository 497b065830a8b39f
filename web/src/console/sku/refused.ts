/** Refused demand beneath the chart: by minute, hour, day or month of the visitor's time zone. */
import type { ConsoleRefusedQuery } from "../api/generated/graphql";
import { request } from "../api/request";
import { timeZone } from "../shared/format";
import { grainOf } from "./history";
import { pagesOf } from "./pages";
import { iso, type Span } from "./range";
import { REFUSED } from "./sku-queries";

export type RefusedGroup = ConsoleRefusedQuery["inventoryRefusals"]["nodes"][number];

const PAGES_MAX = 5;
const MINUTE_MS = 60_000;
const MINUTES_UP_TO_MS = 3 * 3_600_000;

export async function fetchRefused(skuId: string, span: Span, signal: AbortSignal): Promise<RefusedGroup[]> {
  const { from, to } = span;
  const grain = to - from <= MINUTES_UP_TO_MS ? ("MINUTE" as const) : grainOf(from, to);
  const asked = {
    // They are kept by the minute, and that in which the range begins has some of it.
    where: { skuId: [skuId], refusedAt: { from: iso(from - (from % MINUTE_MS)), to: iso(to) } },
    groupBy: [grain],
    timeZone: timeZone(),
  };
  const pages = await pagesOf(
    async (after) => (await request(REFUSED, { ...asked, after }, { signal })).inventoryRefusals,
    PAGES_MAX,
  );
  return pages.flatMap((page) => page.nodes);
}
