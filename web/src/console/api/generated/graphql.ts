/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/**
 * A span of time. `from` is included, `to` is not, so that spans can follow each other without gap
 * or overlap; either may be left out. A `from` behind `to` is refused with `INVALID_ARGUMENT`.
 */
export type DateTimeRange = {
  /** The first instant of the span. */
  from?: string | null | undefined;
  /** The first instant behind the span. */
  to?: string | null | undefined;
};

/**
 * A span of whole numbers. Both ends are included; either may be left out. A `min` above `max` is
 * refused with `INVALID_ARGUMENT`.
 */
export type IntRange = {
  /** The greatest number of the span. */
  max?: number | null | undefined;
  /** The least number of the span. */
  min?: number | null | undefined;
};

/** A stocktake to be given up. */
export type InventoryCountAbandonInput = {
  /** The stocktake. */
  countId: string | number;
};

/** A stocktake to be completed. */
export type InventoryCountCompleteInput = {
  /** The stocktake. */
  countId: string | number;
  /**
   * The `revision` at which you have reviewed it: if observations were recorded since, nothing is
   * written. null or absent: it is completed as it is.
   */
  revision?: string | null | undefined;
  /** What becomes of SKUs that nobody has counted. */
  uncounted?: InventoryCountUncounted;
};

/** What became of a SKU in a stocktake. */
export type InventoryCountLineKind =
  /** It was counted. */
  | 'COUNTED'
  /** Nobody has counted it. */
  | 'MISSING'
  /** It must be counted again: more units went out since than the shelf had. */
  | 'STALE'
  /** More or fewer units were found than expected. */
  | 'VARIANCE';

/** What was counted. */
export type InventoryCountRecordInput = {
  /** The stocktake. */
  countId: string | number;
  /** What was counted, 1 to 250 lines: all that are new are recorded, or none. */
  lines: Array<InventoryCountRecordLineInput>;
};

/**
 * What was counted of one SKU. Name the entry that was the newest when the shelf was counted, by
 * `version` or by `flowId`: what is sold behind it is taken to have happened after the count. So read
 * the SKU right before you count it, `lines { nodes { skuId version } }` of the stocktake, and send
 * what you have read, however late you come to send it.
 */
export type InventoryCountRecordLineInput = {
  /**
   * When the shelf was counted. It tells which of two observations counts that name the same entry,
   * and nothing else; what lies ahead of the server's clock is taken for the moment of its arrival.
   */
  countedAt?: string | null | undefined;
  /** The SKU's newest entry when its shelf was counted, in place of the version. */
  flowId?: string | number | null | undefined;
  /**
   * The key under which this observation is recorded at most once, made by you when it is counted; 1
   * to 128 characters. It may be sent again in any company.
   */
  idempotencyKey: string;
  /** Units on the shelf, 0 to 1,000,000. */
  quantity: number;
  /** The SKU. Several lines may name the same one; that of the latest entry counts. */
  skuId: string | number;
  /**
   * The version that the SKU had when its shelf was counted. If neither this nor `flowId` is given,
   * it is the one that it has when this is recorded: count and send at once then.
   */
  version?: string | null | undefined;
};

/** A stocktake to be started. */
export type InventoryCountStartInput = {
  /**
   * Whether what is expected stays hidden from those who count, for as long as the count is open:
   * from everybody who has not `audit:read`.
   */
  blind?: boolean;
  /**
   * Of all SKUs, only those whose ids are not less. A merchant who has more than 5,000 SKUs counts
   * them in several counts.
   */
  fromSkuId?: string | number | null | undefined;
  /**
   * The key under which this is carried out at most once, made by you before you send; 1 to 128
   * characters. Keys of stocktakes are apart from those of changes of stock.
   */
  idempotencyKey: string;
  /**
   * The merchant whose SKUs are counted. Who acts for one merchant may leave it out; who acts for
   * many must name one. Where the server authenticates nobody, it is merchant 1 if left out.
   */
  merchantId?: string | number | null | undefined;
  /**
   * Why, for the history; up to 500 characters. It is the reason of the adjustments, too, behind the
   * number of the count, as far as a reason has room.
   */
  reason?: string | null | undefined;
  /**
   * The SKUs to be counted, 1 to 250; all of the merchant's if null or absent. Which SKUs these are
   * is fixed when the count is started: what is put on the books later is not in it.
   */
  skuIds?: Array<string | number> | null | undefined;
  /** Of all SKUs, only those whose ids are not greater. */
  toSkuId?: string | number | null | undefined;
};

/** How far a stocktake has come. */
export type InventoryCountStatus =
  /** It was given up, and changed nothing. */
  | 'ABANDONED'
  /** Its adjustments are on the books. */
  | 'COMPLETED'
  /** Observations are recorded. */
  | 'OPEN';

/** What becomes of SKUs that nobody has counted when a stocktake is completed. */
export type InventoryCountUncounted =
  /** Nothing: their amounts stay as they are. */
  | 'LEAVE'
  /** There must be none: the stocktake is not completed. */
  | 'REFUSE';

/**
 * Which stocktakes are wanted. Conditions are joined by AND; a list means any of its values, so that
 * an empty list means none.
 */
export type InventoryCountWhere = {
  /** Those of this merchant. */
  merchantId?: string | number | null | undefined;
  /** Those of any of these statuses. */
  status?: Array<InventoryCountStatus> | null | undefined;
};

/** A new SKU. */
export type InventoryCreateInput = {
  /**
   * The key under which this is carried out at most once, made by you before you send; 1 to 128
   * characters.
   */
  idempotencyKey: string;
  /**
   * The merchant whom it will belong to, for ever; a whole number like that of a SKU. Who acts
   * for one merchant may leave it out; who acts for many must name one. Where the server
   * authenticates nobody, it is merchant 1 if left out.
   */
  merchantId?: string | number | null | undefined;
  /** Units that it opens with, 0 to 1,000,000. */
  quantity: number;
  /** Why, for the history; up to 500 characters. */
  reason?: string | null | undefined;
  /** The id of the SKU, a whole number from 1 to 9223372036854775807. */
  skuId: string | number;
};

/** What kind of refusal it is. Programs decide by this, never by the message. */
export type InventoryErrorCode =
  /**
   * The amount on the books (`available`) is not the one that you believe in (`requested`). Read
   * it again, and decide anew.
   */
  | 'CHANGE_FROM_QUANTITY_STALE'
  /**
   * Observations were recorded since the revision at which you reviewed the stocktake. Review it
   * again.
   */
  | 'COUNT_CHANGED'
  /**
   * The variance is more than one person may set right alone: somebody must complete the stocktake
   * who neither started it nor counted.
   */
  | 'COUNT_NEEDS_SECOND_PERSON'
  /** There is no stocktake of that id. */
  | 'COUNT_NOT_FOUND'
  /** The stocktake was completed or abandoned already. */
  | 'COUNT_NOT_OPEN'
  /**
   * More units went out since the shelf was counted than it had: `requested` were missing then, and
   * `available` are on the books. Count the SKU again.
   */
  | 'COUNT_STALE'
  /** SKUs of the stocktake were not counted. */
  | 'COUNT_UNCOUNTED'
  /** There is no flow entry of that id, or the SKU has none of that id or version. */
  | 'FLOW_NOT_FOUND'
  /**
   * The key was carried out before, with other parameters or for another operation. Take a fresh
   * key for a fresh request.
   */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** Fewer units are left (`available`) than this line asks for (`requested`). */
  | 'INSUFFICIENT_STOCK'
  /** Another argument is out of bounds; the message says how. */
  | 'INVALID_ARGUMENT'
  /** A quantity is out of bounds. */
  | 'INVALID_QUANTITY'
  /** The flow entry is no deduction, so there is nothing to refund. */
  | 'NOT_A_DEDUCTION'
  /** The amount would pass 2,147,483,647. */
  | 'QUANTITY_OVERFLOW'
  /**
   * Fewer units of the deduction are left to refund (`available`) than this line asks for
   * (`requested`; null when all that is left was asked for).
   */
  | 'REFUND_EXCEEDS_DEDUCTED'
  /** The SKU is on the books already. */
  | 'SKU_ALREADY_EXISTS'
  /** The SKU is not on the books. */
  | 'SKU_NOT_FOUND'
  /** The SKU is not among those of the stocktake. */
  | 'SKU_NOT_IN_COUNT'
  /**
   * There are more lines than may be: 250 of a cart, 5,000 of a bulk; or a stocktake would have
   * more than 5,000 SKUs.
   */
  | 'TOO_MANY_LINES';

/** The order of SKUs. Among equal amounts the SKUs go up, or down, as the amounts do. */
export type InventoryOrder =
  /** By units left, the scarcest first. */
  | 'LEAVED_AMOUNT_ASC'
  /** By units left, the most plentiful first. */
  | 'LEAVED_AMOUNT_DESC'
  /** By SKU id, ascending. */
  | 'SKU_ASC'
  /** By SKU id, descending. */
  | 'SKU_DESC';

/** Units that the merchant brought in. */
export type InventoryReplenishInput = {
  /**
   * The key under which this is carried out at most once, made by you before you send; 1 to 128
   * characters.
   */
  idempotencyKey: string;
  /** Units that came in, 1 to 1,000,000. */
  quantity: number;
  /** Why, for the history; up to 500 characters. */
  reason?: string | null | undefined;
  /** The SKU. */
  skuId: string | number;
};

/** A count of one SKU. */
export type InventorySetQuantityInput = {
  /**
   * The amount that you believe to be on the books; if it no longer is, nothing is written, so
   * that a sale made meanwhile is not overwritten. null skips the comparison, and must be
   * written out.
   */
  changeFromQuantity?: number | null | undefined;
  /**
   * The key under which this is carried out at most once, made by you before you send; 1 to 128
   * characters.
   */
  idempotencyKey: string;
  /** Units counted, 0 to 1,000,000. */
  quantity: number;
  /** Why, for the history; up to 500 characters. */
  reason: string;
  /** The SKU. */
  skuId: string | number;
};

/**
 * Which SKUs are wanted. Conditions are joined by AND; a list means any of its values, up to 250
 * of them, so that an empty list means none.
 */
export type InventoryWhere = {
  /** This SKU and those behind it, in the order of their ids. */
  fromSkuId?: string | number | null | undefined;
  /** SKUs with this many units left. */
  leavedAmount?: IntRange | null | undefined;
  /** The SKUs of this merchant. */
  merchantId?: string | number | null | undefined;
  /** Any of these SKUs. */
  skuId?: Array<string | number> | null | undefined;
  /** This SKU and those before it. Before `fromSkuId` it is refused with `INVALID_ARGUMENT`. */
  toSkuId?: string | number | null | undefined;
  /** SKUs whose newest entry was written within this span of time. */
  updatedAt?: DateTimeRange | null | undefined;
};

export type ConsoleCountQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsoleCountQuery = { inventoryCount: { id: string, status: InventoryCountStatus, blind: boolean, reason: string | null, merchantId: string, skuCount: number, revision: string, startedAt: string, startedBy: string, closedAt: string | null, closedBy: string | null } | null };

export type ConsoleCountSummaryQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsoleCountSummaryQuery = { inventoryCount: { id: string, summary: { countedCount: number, missingCount: number, staleCount: number | null, varianceCount: number | null, unitsOver: string | null, unitsShort: string | null } } | null };

export type ConsoleCountPlacesQueryVariables = Exact<{
  id: string | number;
  first: number;
  after?: string | null | undefined;
}>;


export type ConsoleCountPlacesQuery = { inventoryCount: { id: string, lines: { edges: Array<{ cursor: string, node: { skuId: string, version: string, countedVersion: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type ConsoleVersionNowQueryVariables = Exact<{
  skuId: string | number;
}>;


export type ConsoleVersionNowQuery = { inventory: { version: string } | null };

export type ConsoleCountPlaceQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type ConsoleCountPlaceQuery = { inventoryCount: { id: string, lines: { nodes: Array<{ skuId: string, version: string }> } } | null };

export type ConsoleVersionAtQueryVariables = Exact<{
  skuId: string | number;
  at: string;
}>;


export type ConsoleVersionAtQuery = { inventory: { asOf: { version: string } | null } | null };

export type ConsoleCountRecordMutationVariables = Exact<{
  input: InventoryCountRecordInput;
}>;


export type ConsoleCountRecordMutation = { inventoryCountRecord: { replayed: boolean, observations: Array<{ id: string, idempotencyKey: string }>, userErrors: Array<{ code: InventoryErrorCode, message: string, field: Array<string> | null, skuId: string | null }> } };

export type ConsoleCountLinesQueryVariables = Exact<{
  id: string | number;
  only?: Array<InventoryCountLineKind> | InventoryCountLineKind | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type ConsoleCountLinesQuery = { inventoryCount: { id: string, lines: { nodes: Array<{ skuId: string, quantity: number | null, quantityExpected: number | null, quantityMoved: number | null, quantityAfter: number | null, variance: number | null, version: string, countedVersion: string | null, countedAt: string | null, observationCount: number, flowId: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type ConsoleCountObservationsQueryVariables = Exact<{
  id: string | number;
  skuId: string | number;
  after?: string | null | undefined;
}>;


export type ConsoleCountObservationsQuery = { inventoryCount: { id: string, observations: { nodes: Array<{ id: string, actor: string, quantity: number, version: string, countedAt: string, recordedAt: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type ConsoleCountCompleteMutationVariables = Exact<{
  input: InventoryCountCompleteInput;
}>;


export type ConsoleCountCompleteMutation = { inventoryCountComplete: { replayed: boolean, count: { id: string, status: InventoryCountStatus } | null, userErrors: Array<{ code: InventoryErrorCode, message: string, available: number | null, requested: number | null, skuId: string | null }> } };

export type ConsoleCountAbandonMutationVariables = Exact<{
  input: InventoryCountAbandonInput;
}>;


export type ConsoleCountAbandonMutation = { inventoryCountAbandon: { replayed: boolean, count: { id: string, status: InventoryCountStatus } | null, userErrors: Array<{ code: InventoryErrorCode, message: string }> } };

export type ConsoleCountReviewQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsoleCountReviewQuery = { inventoryCount: { id: string, revision: string, summary: { countedCount: number, missingCount: number, staleCount: number | null, varianceCount: number | null, unitsOver: string | null, unitsShort: string | null }, lines: { nodes: Array<{ skuId: string, variance: number | null, quantityAfter: number | null }>, pageInfo: { hasNextPage: boolean } } } | null };

export type ConsoleCountsQueryVariables = Exact<{
  where?: InventoryCountWhere | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsoleCountsQuery = { inventoryCounts: { nodes: Array<{ id: string, status: InventoryCountStatus, blind: boolean, reason: string | null, merchantId: string, skuCount: number, revision: string, startedAt: string, startedBy: string, closedAt: string | null, closedBy: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ConsoleCountsProgressQueryVariables = Exact<{ [key: string]: never; }>;


export type ConsoleCountsProgressQuery = { inventoryCounts: { nodes: Array<{ id: string, summary: { countedCount: number, skuCount: number } }> } };

export type ConsoleCountStartMutationVariables = Exact<{
  input: InventoryCountStartInput;
}>;


export type ConsoleCountStartMutation = { inventoryCountStart: { replayed: boolean, count: { id: string, skuCount: number } | null, userErrors: Array<{ code: InventoryErrorCode, message: string, field: Array<string> | null, skuId: string | null }> } };

export type ConsoleStocksQueryVariables = Exact<{
  where?: InventoryWhere | null | undefined;
  orderBy?: InventoryOrder | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsoleStocksQuery = { inventories: { edges: Array<{ cursor: string, node: { skuId: string, leavedAmount: number, version: string, updatedAt: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ConsoleStockChangedSubscriptionVariables = Exact<{
  skuIds: Array<string | number> | string | number;
}>;


export type ConsoleStockChangedSubscription = { inventoryChanged: { skuId: string, leavedAmount: number, version: string, updatedAt: string } };

export type ConsoleCreateMutationVariables = Exact<{
  input: InventoryCreateInput;
}>;


export type ConsoleCreateMutation = { inventoryCreate: { replayed: boolean, inventory: { skuId: string, leavedAmount: number } | null, userErrors: Array<{ code: InventoryErrorCode, message: string, available: number | null, requested: number | null }> } };

export type ConsoleReplenishMutationVariables = Exact<{
  input: InventoryReplenishInput;
}>;


export type ConsoleReplenishMutation = { inventoryReplenish: { replayed: boolean, flow: { id: string, quantityBefore: number, quantityAfter: number } | null, userErrors: Array<{ code: InventoryErrorCode, message: string, available: number | null, requested: number | null }> } };

export type ConsoleSetQuantityMutationVariables = Exact<{
  input: InventorySetQuantityInput;
}>;


export type ConsoleSetQuantityMutation = { inventorySetQuantity: { replayed: boolean, flow: { id: string, quantityBefore: number, quantityAfter: number } | null, userErrors: Array<{ code: InventoryErrorCode, message: string, available: number | null, requested: number | null }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const ConsoleCountDocument = new TypedDocumentString(`
    query ConsoleCount($id: ID!) {
  inventoryCount(id: $id) {
    id
    status
    blind
    reason
    merchantId
    skuCount
    revision
    startedAt
    startedBy
    closedAt
    closedBy
  }
}
    `) as unknown as TypedDocumentString<ConsoleCountQuery, ConsoleCountQueryVariables>;
export const ConsoleCountSummaryDocument = new TypedDocumentString(`
    query ConsoleCountSummary($id: ID!) {
  inventoryCount(id: $id) {
    id
    summary {
      countedCount
      missingCount
      staleCount
      varianceCount
      unitsOver
      unitsShort
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleCountSummaryQuery, ConsoleCountSummaryQueryVariables>;
export const ConsoleCountPlacesDocument = new TypedDocumentString(`
    query ConsoleCountPlaces($id: ID!, $first: Int!, $after: String) {
  inventoryCount(id: $id) {
    id
    lines(first: $first, after: $after) {
      edges {
        cursor
        node {
          skuId
          version
          countedVersion
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleCountPlacesQuery, ConsoleCountPlacesQueryVariables>;
export const ConsoleVersionNowDocument = new TypedDocumentString(`
    query ConsoleVersionNow($skuId: ID!) {
  inventory(skuId: $skuId, consistency: PRIMARY) {
    version
  }
}
    `) as unknown as TypedDocumentString<ConsoleVersionNowQuery, ConsoleVersionNowQueryVariables>;
export const ConsoleCountPlaceDocument = new TypedDocumentString(`
    query ConsoleCountPlace($id: ID!, $after: String) {
  inventoryCount(id: $id) {
    id
    lines(first: 1, after: $after) {
      nodes {
        skuId
        version
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleCountPlaceQuery, ConsoleCountPlaceQueryVariables>;
export const ConsoleVersionAtDocument = new TypedDocumentString(`
    query ConsoleVersionAt($skuId: ID!, $at: DateTime!) {
  inventory(skuId: $skuId) {
    asOf(at: $at) {
      version
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleVersionAtQuery, ConsoleVersionAtQueryVariables>;
export const ConsoleCountRecordDocument = new TypedDocumentString(`
    mutation ConsoleCountRecord($input: InventoryCountRecordInput!) {
  inventoryCountRecord(input: $input) {
    replayed
    observations {
      id
      idempotencyKey
    }
    userErrors {
      code
      message
      field
      skuId
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleCountRecordMutation, ConsoleCountRecordMutationVariables>;
export const ConsoleCountLinesDocument = new TypedDocumentString(`
    query ConsoleCountLines($id: ID!, $only: [InventoryCountLineKind!], $first: Int!, $after: String) {
  inventoryCount(id: $id) {
    id
    lines(first: $first, after: $after, only: $only) {
      nodes {
        skuId
        quantity
        quantityExpected
        quantityMoved
        quantityAfter
        variance
        version
        countedVersion
        countedAt
        observationCount
        flowId
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleCountLinesQuery, ConsoleCountLinesQueryVariables>;
export const ConsoleCountObservationsDocument = new TypedDocumentString(`
    query ConsoleCountObservations($id: ID!, $skuId: ID!, $after: String) {
  inventoryCount(id: $id) {
    id
    observations(first: 20, skuId: $skuId, after: $after) {
      nodes {
        id
        actor
        quantity
        version
        countedAt
        recordedAt
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleCountObservationsQuery, ConsoleCountObservationsQueryVariables>;
export const ConsoleCountCompleteDocument = new TypedDocumentString(`
    mutation ConsoleCountComplete($input: InventoryCountCompleteInput!) {
  inventoryCountComplete(input: $input) {
    replayed
    count {
      id
      status
    }
    userErrors {
      code
      message
      available
      requested
      skuId
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleCountCompleteMutation, ConsoleCountCompleteMutationVariables>;
export const ConsoleCountAbandonDocument = new TypedDocumentString(`
    mutation ConsoleCountAbandon($input: InventoryCountAbandonInput!) {
  inventoryCountAbandon(input: $input) {
    replayed
    count {
      id
      status
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleCountAbandonMutation, ConsoleCountAbandonMutationVariables>;
export const ConsoleCountReviewDocument = new TypedDocumentString(`
    query ConsoleCountReview($id: ID!) {
  inventoryCount(id: $id) {
    id
    revision
    summary {
      countedCount
      missingCount
      staleCount
      varianceCount
      unitsOver
      unitsShort
    }
    lines(first: 200, only: [VARIANCE]) {
      nodes {
        skuId
        variance
        quantityAfter
      }
      pageInfo {
        hasNextPage
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleCountReviewQuery, ConsoleCountReviewQueryVariables>;
export const ConsoleCountsDocument = new TypedDocumentString(`
    query ConsoleCounts($where: InventoryCountWhere, $after: String) {
  inventoryCounts(first: 20, where: $where, after: $after) {
    nodes {
      id
      status
      blind
      reason
      merchantId
      skuCount
      revision
      startedAt
      startedBy
      closedAt
      closedBy
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleCountsQuery, ConsoleCountsQueryVariables>;
export const ConsoleCountsProgressDocument = new TypedDocumentString(`
    query ConsoleCountsProgress {
  inventoryCounts(first: 10, where: {status: [OPEN]}) {
    nodes {
      id
      summary {
        countedCount
        skuCount
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleCountsProgressQuery, ConsoleCountsProgressQueryVariables>;
export const ConsoleCountStartDocument = new TypedDocumentString(`
    mutation ConsoleCountStart($input: InventoryCountStartInput!) {
  inventoryCountStart(input: $input) {
    replayed
    count {
      id
      skuCount
    }
    userErrors {
      code
      message
      field
      skuId
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleCountStartMutation, ConsoleCountStartMutationVariables>;
export const ConsoleStocksDocument = new TypedDocumentString(`
    query ConsoleStocks($where: InventoryWhere, $orderBy: InventoryOrder, $after: String) {
  inventories(first: 50, where: $where, orderBy: $orderBy, after: $after) {
    edges {
      cursor
      node {
        skuId
        leavedAmount
        version
        updatedAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleStocksQuery, ConsoleStocksQueryVariables>;
export const ConsoleStockChangedDocument = new TypedDocumentString(`
    subscription ConsoleStockChanged($skuIds: [ID!]!) {
  inventoryChanged(skuIds: $skuIds) {
    skuId
    leavedAmount
    version
    updatedAt
  }
}
    `) as unknown as TypedDocumentString<ConsoleStockChangedSubscription, ConsoleStockChangedSubscriptionVariables>;
export const ConsoleCreateDocument = new TypedDocumentString(`
    mutation ConsoleCreate($input: InventoryCreateInput!) {
  inventoryCreate(input: $input) {
    replayed
    inventory {
      skuId
      leavedAmount
    }
    userErrors {
      code
      message
      available
      requested
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleCreateMutation, ConsoleCreateMutationVariables>;
export const ConsoleReplenishDocument = new TypedDocumentString(`
    mutation ConsoleReplenish($input: InventoryReplenishInput!) {
  inventoryReplenish(input: $input) {
    replayed
    flow {
      id
      quantityBefore
      quantityAfter
    }
    userErrors {
      code
      message
      available
      requested
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleReplenishMutation, ConsoleReplenishMutationVariables>;
export const ConsoleSetQuantityDocument = new TypedDocumentString(`
    mutation ConsoleSetQuantity($input: InventorySetQuantityInput!) {
  inventorySetQuantity(input: $input) {
    replayed
    flow {
      id
      quantityBefore
      quantityAfter
    }
    userErrors {
      code
      message
      available
      requested
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleSetQuantityMutation, ConsoleSetQuantityMutationVariables>;