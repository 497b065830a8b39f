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

/** What is looked for. The numbers in it are settings of the server. */
export type InventoryAnomalyRule =
  /**
   * An actor made more entries within a window than is usual. Measured: entries. Told once for as
   * long as it lasts; another burst begins once as many entries have come slowly.
   */
  | 'BURST'
  /** An entry is older, by the clock, than the SKU's entry before it. Measured: milliseconds. */
  | 'CLOCK_BACKWARDS'
  /**
   * An order line was deducted again, of the same SKU and under another key, while units of an
   * earlier deduction were still taken. Measured: those units. Lines of one request, further SKUs of
   * an order line, and a replacement once all was given back, are none. Looks at the 50 entries of
   * the order line before it.
   */
  | 'DUPLICATE_ORDER_DETAIL'
  /** An adjustment removed more than a part of the amount. Measured: the part, from 0 to 1. */
  | 'LARGE_ADJUSTMENT'
  /**
   * An actor acted at a time of day, give or take two hours, at which they hardly acted on the days
   * before. Measured: the part of their entries near that time, from 0 to 1. Told once an outing.
   * Looks at the 1,000 entries of the actor before it: who makes so many in less than five days is
   * not judged.
   */
  | 'ODD_HOURS'
  /**
   * An actor gave back more of their own deductions within a window, each soon after it was made,
   * than is usual. Measured: refunds. Looks at the 1,000 entries of the actor before it; told once
   * for as long as it lasts.
   */
  | 'QUICK_REFUNDS';

/**
 * Which anomalies are wanted. Conditions are joined by AND; a list means any of its values, up to
 * 250 of them, so that an empty list means none.
 */
export type InventoryAnomalyWhere = {
  /** Completed by an entry of any of these actors. */
  actor?: Array<string> | null | undefined;
  /**
   * Completed by an entry written within this span of time: from seven days before its end, or before
   * now, if `from` is absent, and up to the newest entry if `to` is. An entry whose clock was wrong
   * by more than a minute may be missed where it lies at the very border of the span.
   */
  createdAt?: DateTimeRange | null | undefined;
  /**
   * Among the entries of the SKUs of this merchant. What an actor did for other merchants does not
   * count then.
   */
  merchantId?: string | number | null | undefined;
  /** Found by any of these rules; by all of them if absent. */
  rule?: Array<InventoryAnomalyRule> | null | undefined;
  /**
   * Completed by an entry of any of these SKUs, whose own entries are walked then. The rules about
   * actors (`QUICK_REFUNDS`, `BURST`, `ODD_HOURS`) are left out, and refused with
   * `INVALID_ARGUMENT` if `rule` names them.
   */
  skuId?: Array<string | number> | null | undefined;
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

/**
 * What kind of thing is wrong. Books that the server alone has written never give a finding: one is a
 * sign of a hand that went past it, or of a mistake of its own.
 */
export type InventoryFindingKind =
  /** The amount on the books is not what the SKU's entries add up to. */
  | 'AMOUNT_MISMATCH'
  /** What an entry says was left does not follow from the entry before it. */
  | 'BALANCE_BREAK'
  /** The end of the chain on the books is not the hash of the newest entry. */
  | 'CHAIN_HEAD_MISMATCH'
  /** A kept sum is not what the entries up to it add up to. */
  | 'CHECKPOINT_MISMATCH'
  /** Entries are missing: the sequence has a gap, or ends too early. */
  | 'ENTRY_MISSING'
  /** The ids of entries run against their sequence. */
  | 'ENTRY_OUT_OF_ORDER'
  /** There are entries that are none of those from 1 to the version on the books. */
  | 'ENTRY_UNACCOUNTED'
  /** A row holds what the server never writes. */
  | 'ENTRY_UNREADABLE'
  /** The hash of an entry does not follow from what it says and from the entry before it. */
  | 'HASH_MISMATCH'
  /**
   * An entry has no hash. If a server of an earlier version is still running, or was of late,
   * `stockflow migrate up` puts it in.
   */
  | 'HASH_MISSING'
  /** An entry belongs to another merchant than its SKU. */
  | 'MERCHANT_MISMATCH'
  /** The first entry is no opening, or a later one is. */
  | 'OPENING_MISPLACED'
  /** More was given back of a deduction than it took. */
  | 'REFUND_EXCEEDS_DEDUCTED'
  /** A refund gives back what is no deduction of its SKU. */
  | 'REFUND_WITHOUT_DEDUCTION'
  /** There are entries of a SKU that is not on the books. */
  | 'STOCK_MISSING'
  /** The version on the books is not the number of the SKU's entries. */
  | 'VERSION_MISMATCH';

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

export type ConsoleAuditFlowFragment = { id: string, skuId: string, sequence: string, kind: InventoryFlowKind, quantityTrade: number, quantityBefore: number, quantityAfter: number, orderDetailId: string | null, actor: string, reason: string | null, createdAt: string };

export type ConsoleHistoryQueryVariables = Exact<{
  where?: InventoryFlowWhere | null | undefined;
  after?: string | null | undefined;
  begin: boolean;
}>;


export type ConsoleHistoryQuery = { inventoryFlows: { edges: Array<{ cursor: string, node: { idempotencyKey: string, id: string, skuId: string, sequence: string, kind: InventoryFlowKind, quantityTrade: number, quantityBefore: number, quantityAfter: number, orderDetailId: string | null, actor: string, reason: string | null, createdAt: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } }, newest?: { edges: Array<{ cursor: string }> } };

export type ConsoleHistoryAppendedSubscriptionVariables = Exact<{
  where?: InventoryFlowWhere | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsoleHistoryAppendedSubscription = { inventoryFlowAppended: { cursor: string, node: { idempotencyKey: string, id: string, skuId: string, sequence: string, kind: InventoryFlowKind, quantityTrade: number, quantityBefore: number, quantityAfter: number, orderDetailId: string | null, actor: string, reason: string | null, createdAt: string } } };

export type ConsoleFindingFragment = { kind: InventoryFindingKind, message: string, skuId: string, sequence: string | null, expected: string | null, actual: string | null, flowIds: Array<string>, flows: Array<{ id: string, skuId: string, sequence: string, kind: InventoryFlowKind, quantityTrade: number, quantityBefore: number, quantityAfter: number, orderDetailId: string | null, actor: string, reason: string | null, createdAt: string }> };

export type ConsoleSkuCountQueryVariables = Exact<{
  where?: InventoryWhere | null | undefined;
}>;


export type ConsoleSkuCountQuery = { inventories: { totalCount: string } };

export type ConsoleSkuIdsQueryVariables = Exact<{
  where?: InventoryWhere | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type ConsoleSkuIdsQuery = { inventories: { nodes: Array<{ skuId: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ConsoleReconcileQueryVariables = Exact<{
  where?: InventoryWhere | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type ConsoleReconcileQuery = { inventoryReconciliation: { nodes: Array<{ skuId: string, agrees: boolean, entryCount: string, findingCount: string, findings: Array<{ kind: InventoryFindingKind, message: string, skuId: string, sequence: string | null, expected: string | null, actual: string | null, flowIds: Array<string>, flows: Array<{ id: string, skuId: string, sequence: string, kind: InventoryFlowKind, quantityTrade: number, quantityBefore: number, quantityAfter: number, orderDetailId: string | null, actor: string, reason: string | null, createdAt: string }> }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ConsoleVerifyQueryVariables = Exact<{
  skuId: string | number;
  afterSequence?: string | null | undefined;
}>;


export type ConsoleVerifyQuery = { inventoryVerify: { complete: boolean, entryCount: string, findingCount: string, sequence: string, findings: Array<{ kind: InventoryFindingKind, message: string, skuId: string, sequence: string | null, expected: string | null, actual: string | null, flowIds: Array<string>, flows: Array<{ id: string, skuId: string, sequence: string, kind: InventoryFlowKind, quantityTrade: number, quantityBefore: number, quantityAfter: number, orderDetailId: string | null, actor: string, reason: string | null, createdAt: string }> }> } | null };

export type ConsoleSummaryQueryVariables = Exact<{
  groupBy: Array<InventoryFlowGroup> | InventoryFlowGroup;
  timeZone?: string | null | undefined;
  where?: InventoryFlowWhere | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsoleSummaryQuery = { inventoryFlowSummary: { edges: Array<{ cursor: string, node: { periodStart: string | null, periodEnd: string | null, skuId: string | null, kind: InventoryFlowKind | null, actor: string | null, orderDetailId: string | null, entryCount: string, unitsOut: string, unitsIn: string, net: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ConsoleAnomaliesQueryVariables = Exact<{
  where?: InventoryAnomalyWhere | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsoleAnomaliesQuery = { inventoryAnomalies: { rules: Array<InventoryAnomalyRule>, entriesExamined: string, examinedTo: string | null, edges: Array<{ cursor: string, node: { rule: InventoryAnomalyRule, message: string, actor: string, skuId: string | null, orderDetailId: string | null, measured: number, bound: number, from: string, to: string, flowId: string, flowCount: number, flows: Array<{ id: string, skuId: string, sequence: string, kind: InventoryFlowKind, quantityTrade: number, quantityBefore: number, quantityAfter: number, orderDetailId: string | null, actor: string, reason: string | null, createdAt: string }> } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ConsoleSealsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ConsoleSealsQuery = { inventorySeals: { nodes: Array<{ id: string, sealedAt: string, skuCount: string, lastFlowId: string, merkleRoot: string, previousHash: string, hash: string, publicKey: string | null, signature: string | null, statement: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ConsoleInclusionQueryVariables = Exact<{
  flowId: string | number;
  sealId?: string | number | null | undefined;
}>;


export type ConsoleInclusionQuery = { inventoryFlow: { id: string, skuId: string, sequence: string, kind: InventoryFlowKind, quantityTrade: number, quantityBefore: number, quantityAfter: number, orderDetailId: string | null, actor: string, reason: string | null, createdAt: string, inclusionProof: { contentHash: string, previousHash: string, entryHash: string, links: Array<string>, linkCount: string, skuId: string, sequence: string, flowId: string, chainHead: string, leafIndex: string, treeSize: string, path: Array<string>, seal: { id: string, sealedAt: string, skuCount: string, lastFlowId: string, merkleRoot: string, previousHash: string, hash: string, statement: string } } | null } | null };

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

export type ConsoleOrderTrailQueryVariables = Exact<{
  orderDetailId: string;
  after?: string | null | undefined;
}>;


export type ConsoleOrderTrailQuery = { newest: { edges: Array<{ cursor: string }> }, inventoryOrderTrail: { orderDetailId: string, deducted: string, refunded: string, refundable: string, deductionCount: string, refundCount: string, firstAt: string, lastAt: string, skuCount: string, skus: Array<{ skuId: string, deducted: string, refunded: string, refundable: string, deductionCount: string, refundCount: string, lastAt: string }>, deductions: { edges: Array<{ cursor: string, node: { id: string, skuId: string, quantityTrade: number, quantityBefore: number, quantityAfter: number, refundedQuantity: number, refundableQuantity: number, actor: string, reason: string | null, createdAt: string, refunds: Array<{ id: string, skuId: string, quantityTrade: number, quantityBefore: number, quantityAfter: number, actor: string, reason: string | null, createdAt: string }> } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type ConsoleOrderTrailsQueryVariables = Exact<{
  orderDetailIds: Array<string> | string;
}>;


export type ConsoleOrderTrailsQuery = { inventoryOrderTrails: Array<{ orderDetailId: string, deducted: string, refunded: string, refundable: string, deductionCount: string, refundCount: string, skuCount: string, firstAt: string, lastAt: string }> };

export type ConsoleOrderAppendedSubscriptionVariables = Exact<{
  where?: InventoryFlowWhere | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsoleOrderAppendedSubscription = { inventoryFlowAppended: { cursor: string, node: { id: string } } };

export type ConsoleOrderStockQueryVariables = Exact<{
  skuId: string | number;
}>;


export type ConsoleOrderStockQuery = { inventory: { leavedAmount: number } | null };

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
export const ConsoleAuditFlowFragmentDoc = new TypedDocumentString(`
    fragment ConsoleAuditFlow on InventoryFlow {
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
}
    `, {"fragmentName":"ConsoleAuditFlow"}) as unknown as TypedDocumentString<ConsoleAuditFlowFragment, unknown>;
export const ConsoleFindingFragmentDoc = new TypedDocumentString(`
    fragment ConsoleFinding on InventoryFinding {
  kind
  message
  skuId
  sequence
  expected
  actual
  flowIds
  flows {
    ...ConsoleAuditFlow
  }
}
    fragment ConsoleAuditFlow on InventoryFlow {
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
}`, {"fragmentName":"ConsoleFinding"}) as unknown as TypedDocumentString<ConsoleFindingFragment, unknown>;
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
export const ConsoleHistoryDocument = new TypedDocumentString(`
    query ConsoleHistory($where: InventoryFlowWhere, $after: String, $begin: Boolean!) {
  inventoryFlows(first: 50, where: $where, after: $after) {
    edges {
      cursor
      node {
        ...ConsoleAuditFlow
        idempotencyKey
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
  newest: inventoryFlows(first: 20) @include(if: $begin) {
    edges {
      cursor
    }
  }
}
    fragment ConsoleAuditFlow on InventoryFlow {
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
}`) as unknown as TypedDocumentString<ConsoleHistoryQuery, ConsoleHistoryQueryVariables>;
export const ConsoleHistoryAppendedDocument = new TypedDocumentString(`
    subscription ConsoleHistoryAppended($where: InventoryFlowWhere, $after: String) {
  inventoryFlowAppended(where: $where, after: $after) {
    cursor
    node {
      ...ConsoleAuditFlow
      idempotencyKey
    }
  }
}
    fragment ConsoleAuditFlow on InventoryFlow {
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
}`) as unknown as TypedDocumentString<ConsoleHistoryAppendedSubscription, ConsoleHistoryAppendedSubscriptionVariables>;
export const ConsoleSkuCountDocument = new TypedDocumentString(`
    query ConsoleSkuCount($where: InventoryWhere) {
  inventories(first: 0, where: $where) {
    totalCount
  }
}
    `) as unknown as TypedDocumentString<ConsoleSkuCountQuery, ConsoleSkuCountQueryVariables>;
export const ConsoleSkuIdsDocument = new TypedDocumentString(`
    query ConsoleSkuIds($where: InventoryWhere, $first: Int!, $after: String) {
  inventories(first: $first, where: $where, after: $after) {
    nodes {
      skuId
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleSkuIdsQuery, ConsoleSkuIdsQueryVariables>;
export const ConsoleReconcileDocument = new TypedDocumentString(`
    query ConsoleReconcile($where: InventoryWhere, $first: Int!, $after: String) {
  inventoryReconciliation(first: $first, where: $where, after: $after) {
    nodes {
      skuId
      agrees
      entryCount
      findingCount
      findings {
        ...ConsoleFinding
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment ConsoleAuditFlow on InventoryFlow {
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
}
fragment ConsoleFinding on InventoryFinding {
  kind
  message
  skuId
  sequence
  expected
  actual
  flowIds
  flows {
    ...ConsoleAuditFlow
  }
}`) as unknown as TypedDocumentString<ConsoleReconcileQuery, ConsoleReconcileQueryVariables>;
export const ConsoleVerifyDocument = new TypedDocumentString(`
    query ConsoleVerify($skuId: ID!, $afterSequence: BigInt) {
  inventoryVerify(skuId: $skuId, afterSequence: $afterSequence) {
    complete
    entryCount
    findingCount
    sequence
    findings {
      ...ConsoleFinding
    }
  }
}
    fragment ConsoleAuditFlow on InventoryFlow {
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
}
fragment ConsoleFinding on InventoryFinding {
  kind
  message
  skuId
  sequence
  expected
  actual
  flowIds
  flows {
    ...ConsoleAuditFlow
  }
}`) as unknown as TypedDocumentString<ConsoleVerifyQuery, ConsoleVerifyQueryVariables>;
export const ConsoleSummaryDocument = new TypedDocumentString(`
    query ConsoleSummary($groupBy: [InventoryFlowGroup!]!, $timeZone: String, $where: InventoryFlowWhere, $after: String) {
  inventoryFlowSummary(
    first: 100
    groupBy: $groupBy
    timeZone: $timeZone
    where: $where
    after: $after
  ) {
    edges {
      cursor
      node {
        periodStart
        periodEnd
        skuId
        kind
        actor
        orderDetailId
        entryCount
        unitsOut
        unitsIn
        net
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleSummaryQuery, ConsoleSummaryQueryVariables>;
export const ConsoleAnomaliesDocument = new TypedDocumentString(`
    query ConsoleAnomalies($where: InventoryAnomalyWhere, $after: String) {
  inventoryAnomalies(first: 25, where: $where, after: $after) {
    rules
    entriesExamined
    examinedTo
    edges {
      cursor
      node {
        rule
        message
        actor
        skuId
        orderDetailId
        measured
        bound
        from
        to
        flowId
        flowCount
        flows {
          ...ConsoleAuditFlow
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment ConsoleAuditFlow on InventoryFlow {
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
}`) as unknown as TypedDocumentString<ConsoleAnomaliesQuery, ConsoleAnomaliesQueryVariables>;
export const ConsoleSealsDocument = new TypedDocumentString(`
    query ConsoleSeals($after: String) {
  inventorySeals(first: 25, after: $after) {
    nodes {
      id
      sealedAt
      skuCount
      lastFlowId
      merkleRoot
      previousHash
      hash
      publicKey
      signature
      statement
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleSealsQuery, ConsoleSealsQueryVariables>;
export const ConsoleInclusionDocument = new TypedDocumentString(`
    query ConsoleInclusion($flowId: ID!, $sealId: ID) {
  inventoryFlow(id: $flowId) {
    ...ConsoleAuditFlow
    inclusionProof(sealId: $sealId) {
      contentHash
      previousHash
      entryHash
      links
      linkCount
      skuId
      sequence
      flowId
      chainHead
      leafIndex
      treeSize
      path
      seal {
        id
        sealedAt
        skuCount
        lastFlowId
        merkleRoot
        previousHash
        hash
        statement
      }
    }
  }
}
    fragment ConsoleAuditFlow on InventoryFlow {
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
}`) as unknown as TypedDocumentString<ConsoleInclusionQuery, ConsoleInclusionQueryVariables>;
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
export const ConsoleOrderTrailDocument = new TypedDocumentString(`
    query ConsoleOrderTrail($orderDetailId: String!, $after: String) {
  newest: inventoryFlows(first: 20) {
    edges {
      cursor
    }
  }
  inventoryOrderTrail(orderDetailId: $orderDetailId) {
    orderDetailId
    deducted
    refunded
    refundable
    deductionCount
    refundCount
    firstAt
    lastAt
    skuCount
    skus {
      skuId
      deducted
      refunded
      refundable
      deductionCount
      refundCount
      lastAt
    }
    deductions(first: 20, after: $after) {
      edges {
        cursor
        node {
          id
          skuId
          quantityTrade
          quantityBefore
          quantityAfter
          refundedQuantity
          refundableQuantity
          actor
          reason
          createdAt
          refunds {
            id
            skuId
            quantityTrade
            quantityBefore
            quantityAfter
            actor
            reason
            createdAt
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleOrderTrailQuery, ConsoleOrderTrailQueryVariables>;
export const ConsoleOrderTrailsDocument = new TypedDocumentString(`
    query ConsoleOrderTrails($orderDetailIds: [String!]!) {
  inventoryOrderTrails(orderDetailIds: $orderDetailIds) {
    orderDetailId
    deducted
    refunded
    refundable
    deductionCount
    refundCount
    skuCount
    firstAt
    lastAt
  }
}
    `) as unknown as TypedDocumentString<ConsoleOrderTrailsQuery, ConsoleOrderTrailsQueryVariables>;
export const ConsoleOrderAppendedDocument = new TypedDocumentString(`
    subscription ConsoleOrderAppended($where: InventoryFlowWhere, $after: String) {
  inventoryFlowAppended(where: $where, after: $after) {
    cursor
    node {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleOrderAppendedSubscription, ConsoleOrderAppendedSubscriptionVariables>;
export const ConsoleOrderStockDocument = new TypedDocumentString(`
    query ConsoleOrderStock($skuId: ID!) {
  inventory(skuId: $skuId) {
    leavedAmount
  }
}
    `) as unknown as TypedDocumentString<ConsoleOrderStockQuery, ConsoleOrderStockQueryVariables>;
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