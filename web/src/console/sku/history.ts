/**
 * What the chart draws. Up to 2,000 entries of a range are drawn one by one. Of more, each hour, day or
 * month is drawn by the amount with which it ended, at its end: the finest of these of which one page
 * of sums covers the range, so that a SKU that sells all day costs no more than a quiet one. Zooming in
 * shows the entries again.
 */
import type { ConsoleEntryFragment, ConsoleFlowPeriodsQuery } from "../api/generated/graphql";
import { request } from "../api/request";
import { timeZone } from "../shared/format";
import { pagesOf } from "./pages";
import { instantsOf, iso, type RangeChoice, type Span } from "./range";
import { AMOUNT_AT, ENTRIES, NEWEST, PERIODS } from "./sku-queries";

export type Entry = ConsoleEntryFragment;
export type Period = ConsoleFlowPeriodsQuery["inventoryFlowSummary"]["nodes"][number];
export type Grain = "ENTRY" | "HOUR" | "DAY" | "MONTH";

const ENTRIES_MAX = 2_000;
const PAGE = 200;
/** One that lies about its end is not followed for ever. */
const PAGES_MAX = 2 * (ENTRIES_MAX / PAGE);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The amount from an instant on, and what made it that; nothing did at the beginning of the range. */
export interface Point {
  at: number;
  amount: number;
  entry?: Entry;
  period?: Period;
}

export interface History extends Span {
  /** It goes on to the present, and what happens is added to it. */
  open: boolean;
  grain: Grain;
  points: Point[];
  /** What was there before all of it. */
  opening: number;
  entryCount: number;
  /** How many entries the SKU had at its end. */
  sequence: number;
}

export async function fetchHistory(
  skuId: string,
  created: number,
  range: RangeChoice,
  signal: AbortSignal,
): Promise<History> {
  const { from, to: end, open } = instantsOf(range, created, Date.now());
  const [opening, closing] = await Promise.all([
    amountAt(skuId, from, signal),
    open ? newest(skuId, signal) : amountAt(skuId, end, signal),
  ]);
  // The server's clock may be ahead of the visitor's.
  const to = open ? Math.max(end, closing.at) : end;
  const entryCount = closing.sequence - opening.sequence;
  const points: Point[] = opening.sequence === 0 ? [] : [{ at: from, amount: opening.amount }];
  const grain = entryCount <= ENTRIES_MAX ? "ENTRY" : grainOf(from, to);
  if (grain === "ENTRY") {
    const entries = await entriesBetween(skuId, opening.sequence, closing.sequence, open ? undefined : to, signal);
    for (const entry of entries) addEntry(points, entry);
  } else {
    let { amount } = opening;
    if (points.length === 0) points.push({ at: from, amount });
    for (const period of await periodsBetween(skuId, { from, to }, grain, signal)) {
      amount -= Number(period.net);
      points.push({ at: Math.min(Date.parse(period.periodEnd ?? ""), to), amount, period });
    }
  }
  const sequence = closing.sequence;
  return { from, to, open, grain, points, opening: opening.amount, entryCount, sequence };
}

interface Place {
  at: number;
  amount: number;
  sequence: number;
}

async function amountAt(skuId: string, at: number, signal: AbortSignal): Promise<Place> {
  const { inventory } = await request(AMOUNT_AT, { skuId, at: iso(at) }, { signal });
  const then = inventory?.asOf;
  return { at, amount: then?.leavedAmount ?? 0, sequence: Number(then?.version ?? 0) };
}

async function newest(skuId: string, signal: AbortSignal): Promise<Place> {
  const { inventoryFlows } = await request(NEWEST, { skuId }, { signal });
  const entry = inventoryFlows.edges[0]?.node;
  const at = entry === undefined ? 0 : Date.parse(entry.createdAt);
  return { at, amount: entry?.quantityAfter ?? 0, sequence: Number(entry?.sequence ?? 0) };
}

/** The history with one more entry; undefined where others are missing between. */
export function withEntry(history: History, entry: Entry): History | undefined {
  const sequence = Number(entry.sequence);
  if (!history.open || sequence <= history.sequence) return history;
  if (sequence > history.sequence + 1) return undefined;
  const points = [...history.points];
  addEntry(points, entry);
  const to = Math.max(history.to, points.at(-1)?.at ?? 0);
  return { ...history, to, points, sequence, entryCount: history.entryCount + 1 };
}

function addEntry(points: Point[], entry: Entry) {
  // Clocks of servers differ: the order is that of the entries, and time does not go back.
  const at = Math.max(Date.parse(entry.createdAt), points.at(-1)?.at ?? 0);
  points.push({ at, amount: entry.quantityAfter, entry });
}

/** The finest period of which a page covers the range. */
export function grainOf(from: number, to: number): "HOUR" | "DAY" | "MONTH" {
  if (to - from <= (PAGE - 2) * HOUR_MS) return "HOUR";
  return to - from <= (PAGE - 2) * DAY_MS ? "DAY" : "MONTH";
}

/** The entries behind one place in the SKU's sequence, up to another; oldest first. */
async function entriesBetween(
  skuId: string,
  after: number,
  upTo: number,
  to: number | undefined,
  signal: AbortSignal,
): Promise<Entry[]> {
  if (upTo <= after) return [];
  const where = { skuId: [skuId], ...(to === undefined ? {} : { createdAt: { to: iso(to + 1) } }) };
  let missing = upTo - after;
  // From the newest on, by the number of entries: nothing but them is read, however long the history.
  const pages = await pagesOf(
    async (cursor) => {
      const asked = { where, first: Math.min(missing, PAGE), after: cursor };
      return (await request(ENTRIES, asked, { signal })).inventoryFlows;
    },
    PAGES_MAX,
    ({ edges }) => {
      missing = Number(edges.at(-1)?.node.sequence ?? 0) - after - 1;
      return missing <= 0;
    },
  );
  const entries = pages.flatMap((page) => page.edges.map((edge) => edge.node));
  return entries.filter((it) => Number(it.sequence) > after && Number(it.sequence) <= upTo).reverse();
}

async function periodsBetween(
  skuId: string,
  { from, to }: Span,
  grain: "HOUR" | "DAY" | "MONTH",
  signal: AbortSignal,
): Promise<Period[]> {
  // As `asOf` has it: what was written at the instant itself has taken effect before.
  const where = { skuId: [skuId], createdAt: { from: iso(from + 1), to: iso(to + 1) } };
  const asked = { where, groupBy: [grain], timeZone: timeZone() };
  const pages = await pagesOf(
    async (after) => (await request(PERIODS, { ...asked, after }, { signal })).inventoryFlowSummary,
    PAGES_MAX,
  );
  return pages.flatMap((page) => page.nodes);
}
