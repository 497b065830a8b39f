/** The two walks over the books: that amounts follow from the entries, and that no entry was changed. */
import { ApiError } from "../api/errors";
import type { InventoryWhere } from "../api/generated/graphql";
import { request } from "../api/request";
import { RECONCILE, SKU_IDS, VERIFY } from "./audit-queries";
import { BookRun, type Step } from "./book-run";

const SKUS_A_PAGE = 50;
const NOTHING = { skus: 0, entries: 0n, findingCount: 0n, findings: [] };

interface Reconciling {
  where: InventoryWhere;
  after: string | null;
  /** How many SKUs are asked for at once: fewer behind a page that took too long. */
  first: number;
}

export const reconcileRun = new BookRun<Reconciling>(
  (where) => ({ where, after: null, first: SKUS_A_PAGE }),
  async (at, signal) => {
    try {
      const { inventoryReconciliation: page } = await request(RECONCILE, at, { signal });
      const { hasNextPage, endCursor } = page.pageInfo;
      const first = Math.min(at.first * 2, SKUS_A_PAGE);
      return {
        next: hasNextPage && endCursor != null ? { ...at, after: endCursor, first } : undefined,
        skus: page.nodes.length,
        entries: sum(page.nodes.map((node) => node.entryCount)),
        findingCount: sum(page.nodes.map((node) => node.findingCount)),
        findings: page.nodes.flatMap((node) => node.findings),
      };
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "TIMEOUT") throw error;
      if (at.first > 1) return { ...NOTHING, next: { ...at, first: 1 } };
      return pastNext(at, signal);
    }
  },
);

/** A SKU whose history is too long for a request is left to the program; the walk goes on behind it. */
async function pastNext(at: Reconciling, signal: AbortSignal): Promise<Step<Reconciling>> {
  const { inventories } = await request(SKU_IDS, at, { signal });
  const { hasNextPage, endCursor } = inventories.pageInfo;
  return {
    ...NOTHING,
    next: hasNextPage && endCursor != null ? { ...at, after: endCursor } : undefined,
    passedOver: inventories.nodes.map(({ skuId }) => skuId),
  };
}

interface Verifying {
  where: InventoryWhere;
  /** SKUs that are next, the first of them from behind `sequence`. */
  skuIds: string[];
  sequence: string | null;
  /** Where the page behind them begins; undefined where there is none. */
  after: string | null | undefined;
}

export const verifyRun = new BookRun<Verifying>(
  (where) => ({ where, skuIds: [], sequence: null, after: null }),
  async (at, signal) => {
    const [skuId, ...rest] = at.skuIds;
    if (skuId === undefined) return { ...NOTHING, next: await nextPage(at, signal) };
    const { inventoryVerify: verified } = await request(
      VERIFY,
      { skuId, afterSequence: at.sequence },
      { signal },
    );
    const behind = { ...at, skuIds: rest, sequence: null };
    const end = rest.length === 0 && at.after === undefined;
    // It was on the books a moment ago, and nothing is ever taken off them.
    if (verified == null)
      return { ...NOTHING, next: end ? undefined : behind, passedOver: [skuId] };
    const { complete, sequence } = verified;
    return {
      next: complete ? (end ? undefined : behind) : { ...at, sequence },
      skus: complete ? 1 : 0,
      entries: BigInt(verified.entryCount),
      findingCount: BigInt(verified.findingCount),
      findings: verified.findings,
    };
  },
);

async function nextPage(at: Verifying, signal: AbortSignal): Promise<Verifying | undefined> {
  if (at.after === undefined) return undefined;
  const { where, after } = at;
  const { inventories } = await request(SKU_IDS, { where, after, first: SKUS_A_PAGE }, { signal });
  const { hasNextPage, endCursor } = inventories.pageInfo;
  const skuIds = inventories.nodes.map((node) => node.skuId);
  if (skuIds.length === 0) return undefined;
  return {
    where,
    skuIds,
    sequence: null,
    after: hasNextPage ? (endCursor ?? undefined) : undefined,
  };
}

function sum(numbers: string[]): bigint {
  return numbers.reduce((all, number) => all + BigInt(number), 0n);
}
