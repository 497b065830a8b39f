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

/**
 * What the entries of one group have in common. At most one of `HOUR`, `DAY` and `MONTH` can be asked
 * for.
 */
export type InventoryFlowGroup =
  /** Who wrote them. */
  | 'ACTOR'
  /** The day, from midnight to midnight where the time zone is: 23 or 25 hours when clocks are set. */
  | 'DAY'
  /**
   * The hour in which they were written. One that the clocks show twice, when they are set back, is
   * two.
   */
  | 'HOUR'
  /** The kind. */
  | 'KIND'
  /** The month of a year. */
  | 'MONTH'
  /** The order line; entries that have none are a group as well. */
  | 'ORDER_DETAIL'
  /** The SKU. */
  | 'SKU';

/** Why stock changed. */
export type InventoryFlowKind =
  /** The amount was set after a count. */
  | 'ADJUSTMENT'
  /** Units were taken for an order line. */
  | 'DEDUCTION'
  /** A SKU was put on the books. */
  | 'OPENING'
  /** Units of a deduction came back. */
  | 'REFUND'
  /** The merchant brought units in. */
  | 'REPLENISHMENT';

/**
 * Which entries of the flow history are wanted. Conditions are joined by AND; a list means any of
 * its values, up to 250 of them, so that an empty list means none.
 */
export type InventoryFlowWhere = {
  /** Entries by any of these actors. */
  actor?: Array<string> | null | undefined;
  /** Entries written within this span of time. */
  createdAt?: DateTimeRange | null | undefined;
  /** The refunds of this deduction. */
  deductionId?: string | number | null | undefined;
  /** Entries written under this idempotency key, by whomever. */
  idempotencyKey?: string | null | undefined;
  /** Entries of any of these kinds. */
  kind?: Array<InventoryFlowKind> | null | undefined;
  /** Entries of the SKUs of this merchant. */
  merchantId?: string | number | null | undefined;
  /** Deductions for, and refunds to, any of these order lines. */
  orderDetailId?: Array<string> | null | undefined;
  /** Entries that took this many units; units that came in are negative. */
  quantityTrade?: IntRange | null | undefined;
  /** Entries of any of these SKUs. */
  skuId?: Array<string | number> | null | undefined;
};

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

/** A point of the past: an instant, or an entry; one of them must be given, and not both. */
export type InventoryPointInput = {
  /**
   * An instant: whatever was written at it or before has taken effect. One in the future is refused
   * with `INVALID_ARGUMENT`.
   */
  at?: string | null | undefined;
  /**
   * The id of an entry: it, and every entry of a lesser id, has taken effect. One that does not
   * exist is refused with `INVALID_ARGUMENT`.
   */
  flowId?: string | number | null | undefined;
};

/** Units of one deduction that come back. */
export type InventoryRefundInput = {
  /** The deduction: the `id` of the flow entry that it answered. */
  flowId: string | number;
  /**
   * The key under which this step is carried out at most once, made by you before you send; 1 to
   * 128 characters. Every step of a refund has a key of its own.
   */
  idempotencyKey: string;
  /** Units to give back, 1 to 1,000,000; null or absent: all that is still refundable. */
  quantity?: number | null | undefined;
  /** Why, for the history; up to 500 characters. */
  reason?: string | null | undefined;
};

/**
 * By what refusals for want of stock are added up. At most one of `MINUTE`, `HOUR`, `DAY` and `MONTH`
 * can be asked for.
 */
export type InventoryRefusalGroupBy =
  /** By the day, from midnight to midnight where the time zone is. */
  | 'DAY'
  /**
   * By the hour in which they were refused. One that the clocks show twice, when they are set back,
   * is two.
   */
  | 'HOUR'
  /** By the minute in which they were refused. */
  | 'MINUTE'
  /** By the month of a year. */
  | 'MONTH'
  /** By their SKU. */
  | 'SKU';

/**
 * Which refusals for want of stock are wanted. Conditions are joined by AND; a list means any of its
 * values, up to 250 of them, so that an empty list means none.
 */
export type InventoryRefusalWhere = {
  /** Those of the SKUs of this merchant. */
  merchantId?: string | number | null | undefined;
  /** Those of the minutes that begin within this span of time. */
  refusedAt?: DateTimeRange | null | undefined;
  /** Those of any of these SKUs. */
  skuId?: Array<string | number> | null | undefined;
};

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
  fromSkuId?: string | number | null | undefined;
  /** SKUs with this many units left. */
  leavedAmount?: IntRange | null | undefined;
  /** The SKUs of this merchant. */
  merchantId?: string | number | null | undefined;
  /** Any of these SKUs. */
  skuId?: Array<string | number> | null | undefined;
  toSkuId?: string | number | null | undefined;
  /** SKUs whose newest entry was written within this span of time. */
  updatedAt?: DateTimeRange | null | undefined;
};

export type ConsoleEntryDetailQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsoleEntryDetailQuery = { inventoryFlow: { merchantId: string, idempotencyKey: string, contentHash: string, refundableQuantity: number, refundedQuantity: number, id: string, skuId: string, sequence: string, kind: InventoryFlowKind, quantityTrade: number, quantityBefore: number, quantityAfter: number, orderDetailId: string | null, actor: string, reason: string | null, createdAt: string, hash: string | null, deduction: { refundableQuantity: number, id: string, skuId: string, sequence: string, kind: InventoryFlowKind, quantityTrade: number, quantityBefore: number, quantityAfter: number, orderDetailId: string | null, actor: string, reason: string | null, createdAt: string, hash: string | null } | null, refunds: Array<{ id: string, skuId: string, sequence: string, kind: InventoryFlowKind, quantityTrade: number, quantityBefore: number, quantityAfter: number, orderDetailId: string | null, actor: string, reason: string | null, createdAt: string, hash: string | null }> } | null };

export type ConsoleEntrySealQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsoleEntrySealQuery = { inventoryFlow: { inclusionProof: { leafIndex: string, treeSize: string, sequence: string, seal: { id: string, sealedAt: string, hash: string } } | null } | null };

export type ConsoleRefundMutationVariables = Exact<{
  input: InventoryRefundInput;
}>;


export type ConsoleRefundMutation = { inventoryRefund: { replayed: boolean, flow: { id: string, quantityAfter: number, quantityTrade: number } | null, userErrors: Array<{ code: InventoryErrorCode, message: string, available: number | null, requested: number | null }> } };

export type ConsoleExplainQueryVariables = Exact<{
  skuId: string | number;
  from?: InventoryPointInput | null | undefined;
  to?: InventoryPointInput | null | undefined;
}>;


export type ConsoleExplainQuery = { inventoryExplain: { net: string, unitsIn: string, unitsOut: string, entryCount: string, agrees: boolean, opening: { quantity: number, sequence: string, at: string | null }, closing: { quantity: number, sequence: string, at: string | null }, causes: Array<{ kind: InventoryFlowKind | null, reason: string | null, others: boolean, reasonCount: string, actor: string | null, entryCount: string, unitsIn: string, unitsOut: string, net: string }> } | null };

export type ConsoleCauseEntriesQueryVariables = Exact<{
  skuId: string | number;
  from?: InventoryPointInput | null | undefined;
  to?: InventoryPointInput | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsoleCauseEntriesQuery = { inventoryExplain: { causes: Array<{ kind: InventoryFlowKind | null, reason: string | null, others: boolean, flows: { nodes: Array<{ id: string, skuId: string, sequence: string, kind: InventoryFlowKind, quantityTrade: number, quantityBefore: number, quantityAfter: number, orderDetailId: string | null, actor: string, reason: string | null, createdAt: string, hash: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }> } | null };

export type ConsoleSkuQueryVariables = Exact<{
  skuId: string | number;
}>;


export type ConsoleSkuQuery = { inventory: { skuId: string, leavedAmount: number, version: string, updatedAt: string, createdAt: string, merchantId: string } | null };

export type ConsoleSkuChangedSubscriptionVariables = Exact<{
  skuId: string | number;
}>;


export type ConsoleSkuChangedSubscription = { inventoryChanged: { skuId: string, leavedAmount: number, version: string, updatedAt: string, createdAt: string, merchantId: string } };

export type ConsoleEntryFragment = { id: string, skuId: string, sequence: string, kind: InventoryFlowKind, quantityTrade: number, quantityBefore: number, quantityAfter: number, orderDetailId: string | null, actor: string, reason: string | null, createdAt: string, hash: string | null };

export type ConsoleEntriesQueryVariables = Exact<{
  where?: InventoryFlowWhere | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type ConsoleEntriesQuery = { inventoryFlows: { edges: Array<{ cursor: string, node: { id: string, skuId: string, sequence: string, kind: InventoryFlowKind, quantityTrade: number, quantityBefore: number, quantityAfter: number, orderDetailId: string | null, actor: string, reason: string | null, createdAt: string, hash: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ConsoleNewestEntryQueryVariables = Exact<{
  skuId: string | number;
}>;


export type ConsoleNewestEntryQuery = { inventoryFlows: { edges: Array<{ cursor: string, node: { sequence: string, quantityAfter: number, createdAt: string } }> } };

export type ConsoleEntryAppendedSubscriptionVariables = Exact<{
  where?: InventoryFlowWhere | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsoleEntryAppendedSubscription = { inventoryFlowAppended: { cursor: string, node: { id: string, skuId: string, sequence: string, kind: InventoryFlowKind, quantityTrade: number, quantityBefore: number, quantityAfter: number, orderDetailId: string | null, actor: string, reason: string | null, createdAt: string, hash: string | null } } };

export type ConsoleAmountAtQueryVariables = Exact<{
  skuId: string | number;
  at: string;
}>;


export type ConsoleAmountAtQuery = { inventory: { asOf: { leavedAmount: number, version: string } | null } | null };

export type ConsoleFlowPeriodsQueryVariables = Exact<{
  where?: InventoryFlowWhere | null | undefined;
  groupBy: Array<InventoryFlowGroup> | InventoryFlowGroup;
  timeZone?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsoleFlowPeriodsQuery = { inventoryFlowSummary: { nodes: Array<{ periodStart: string | null, periodEnd: string | null, entryCount: string, unitsIn: string, unitsOut: string, net: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ConsoleRefusedQueryVariables = Exact<{
  where?: InventoryRefusalWhere | null | undefined;
  groupBy: Array<InventoryRefusalGroupBy> | InventoryRefusalGroupBy;
  timeZone?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsoleRefusedQuery = { inventoryRefusals: { nodes: Array<{ periodStart: string | null, periodEnd: string | null, refusalCount: string, unitsRequested: string, unitsMissing: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ConsoleSoldOutQueryVariables = Exact<{
  skuId: string | number;
  ranOutAt?: DateTimeRange | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsoleSoldOutQuery = { inventorySoldOutSpans: { nodes: Array<{ durationMs: string | null, ranOutFlow: { id: string, createdAt: string }, cameBackFlow: { id: string, createdAt: string } | null, refusals: { refusalCount: string, unitsRequested: string, unitsMissing: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

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
export const ConsoleEntryFragmentDoc = new TypedDocumentString(`
    fragment ConsoleEntry on InventoryFlow {
  id
  skuId
  sequence
  kind
  quantityTrade
  quantityBefore
  quantityAfter
  orderDetailId
  actor
  reason
  createdAt
  hash
}
    `, {"fragmentName":"ConsoleEntry"}) as unknown as TypedDocumentString<ConsoleEntryFragment, unknown>;
export const ConsoleEntryDetailDocument = new TypedDocumentString(`
    query ConsoleEntryDetail($id: ID!) {
  inventoryFlow(id: $id) {
    ...ConsoleEntry
    merchantId
    idempotencyKey
    contentHash
    refundableQuantity
    refundedQuantity
    deduction {
      ...ConsoleEntry
      refundableQuantity
    }
    refunds {
      ...ConsoleEntry
    }
  }
}
    fragment ConsoleEntry on InventoryFlow {
  id
  skuId
  sequence
  kind
  quantityTrade
  quantityBefore
  quantityAfter
  orderDetailId
  actor
  reason
  createdAt
  hash
}`) as unknown as TypedDocumentString<ConsoleEntryDetailQuery, ConsoleEntryDetailQueryVariables>;
export const ConsoleEntrySealDocument = new TypedDocumentString(`
    query ConsoleEntrySeal($id: ID!) {
  inventoryFlow(id: $id) {
    inclusionProof {
      leafIndex
      treeSize
      sequence
      seal {
        id
        sealedAt
        hash
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleEntrySealQuery, ConsoleEntrySealQueryVariables>;
export const ConsoleRefundDocument = new TypedDocumentString(`
    mutation ConsoleRefund($input: InventoryRefundInput!) {
  inventoryRefund(input: $input) {
    replayed
    flow {
      id
      quantityAfter
      quantityTrade
    }
    userErrors {
      code
      message
      available
      requested
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleRefundMutation, ConsoleRefundMutationVariables>;
export const ConsoleExplainDocument = new TypedDocumentString(`
    query ConsoleExplain($skuId: ID!, $from: InventoryPointInput, $to: InventoryPointInput) {
  inventoryExplain(skuId: $skuId, from: $from, to: $to) {
    opening {
      quantity
      sequence
      at
    }
    closing {
      quantity
      sequence
      at
    }
    causes {
      kind
      reason
      others
      reasonCount
      actor
      entryCount
      unitsIn
      unitsOut
      net
    }
    net
    unitsIn
    unitsOut
    entryCount
    agrees
  }
}
    `) as unknown as TypedDocumentString<ConsoleExplainQuery, ConsoleExplainQueryVariables>;
export const ConsoleCauseEntriesDocument = new TypedDocumentString(`
    query ConsoleCauseEntries($skuId: ID!, $from: InventoryPointInput, $to: InventoryPointInput, $after: String) {
  inventoryExplain(skuId: $skuId, from: $from, to: $to) {
    causes {
      kind
      reason
      others
      flows(first: 20, after: $after) {
        nodes {
          ...ConsoleEntry
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
}
    fragment ConsoleEntry on InventoryFlow {
  id
  skuId
  sequence
  kind
  quantityTrade
  quantityBefore
  quantityAfter
  orderDetailId
  actor
  reason
  createdAt
  hash
}`) as unknown as TypedDocumentString<ConsoleCauseEntriesQuery, ConsoleCauseEntriesQueryVariables>;
export const ConsoleSkuDocument = new TypedDocumentString(`
    query ConsoleSku($skuId: ID!) {
  inventory(skuId: $skuId) {
    skuId
    leavedAmount
    version
    updatedAt
    createdAt
    merchantId
  }
}
    `) as unknown as TypedDocumentString<ConsoleSkuQuery, ConsoleSkuQueryVariables>;
export const ConsoleSkuChangedDocument = new TypedDocumentString(`
    subscription ConsoleSkuChanged($skuId: ID!) {
  inventoryChanged(skuIds: [$skuId]) {
    skuId
    leavedAmount
    version
    updatedAt
    createdAt
    merchantId
  }
}
    `) as unknown as TypedDocumentString<ConsoleSkuChangedSubscription, ConsoleSkuChangedSubscriptionVariables>;
export const ConsoleEntriesDocument = new TypedDocumentString(`
    query ConsoleEntries($where: InventoryFlowWhere, $first: Int!, $after: String) {
  inventoryFlows(where: $where, first: $first, after: $after) {
    edges {
      cursor
      node {
        ...ConsoleEntry
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment ConsoleEntry on InventoryFlow {
  id
  skuId
  sequence
  kind
  quantityTrade
  quantityBefore
  quantityAfter
  orderDetailId
  actor
  reason
  createdAt
  hash
}`) as unknown as TypedDocumentString<ConsoleEntriesQuery, ConsoleEntriesQueryVariables>;
export const ConsoleNewestEntryDocument = new TypedDocumentString(`
    query ConsoleNewestEntry($skuId: ID!) {
  inventoryFlows(where: {skuId: [$skuId]}, first: 1) {
    edges {
      cursor
      node {
        sequence
        quantityAfter
        createdAt
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleNewestEntryQuery, ConsoleNewestEntryQueryVariables>;
export const ConsoleEntryAppendedDocument = new TypedDocumentString(`
    subscription ConsoleEntryAppended($where: InventoryFlowWhere, $after: String) {
  inventoryFlowAppended(where: $where, after: $after) {
    cursor
    node {
      ...ConsoleEntry
    }
  }
}
    fragment ConsoleEntry on InventoryFlow {
  id
  skuId
  sequence
  kind
  quantityTrade
  quantityBefore
  quantityAfter
  orderDetailId
  actor
  reason
  createdAt
  hash
}`) as unknown as TypedDocumentString<ConsoleEntryAppendedSubscription, ConsoleEntryAppendedSubscriptionVariables>;
export const ConsoleAmountAtDocument = new TypedDocumentString(`
    query ConsoleAmountAt($skuId: ID!, $at: DateTime!) {
  inventory(skuId: $skuId) {
    asOf(at: $at) {
      leavedAmount
      version
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleAmountAtQuery, ConsoleAmountAtQueryVariables>;
export const ConsoleFlowPeriodsDocument = new TypedDocumentString(`
    query ConsoleFlowPeriods($where: InventoryFlowWhere, $groupBy: [InventoryFlowGroup!]!, $timeZone: String, $after: String) {
  inventoryFlowSummary(
    where: $where
    groupBy: $groupBy
    timeZone: $timeZone
    first: 200
    after: $after
  ) {
    nodes {
      periodStart
      periodEnd
      entryCount
      unitsIn
      unitsOut
      net
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleFlowPeriodsQuery, ConsoleFlowPeriodsQueryVariables>;
export const ConsoleRefusedDocument = new TypedDocumentString(`
    query ConsoleRefused($where: InventoryRefusalWhere, $groupBy: [InventoryRefusalGroupBy!]!, $timeZone: String, $after: String) {
  inventoryRefusals(
    where: $where
    groupBy: $groupBy
    timeZone: $timeZone
    first: 200
    after: $after
  ) {
    nodes {
      periodStart
      periodEnd
      refusalCount
      unitsRequested
      unitsMissing
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleRefusedQuery, ConsoleRefusedQueryVariables>;
export const ConsoleSoldOutDocument = new TypedDocumentString(`
    query ConsoleSoldOut($skuId: ID!, $ranOutAt: DateTimeRange, $after: String) {
  inventorySoldOutSpans(
    skuId: $skuId
    ranOutAt: $ranOutAt
    first: 50
    after: $after
  ) {
    nodes {
      ranOutFlow {
        id
        createdAt
      }
      cameBackFlow {
        id
        createdAt
      }
      durationMs
      refusals {
        refusalCount
        unitsRequested
        unitsMissing
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleSoldOutQuery, ConsoleSoldOutQueryVariables>;
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