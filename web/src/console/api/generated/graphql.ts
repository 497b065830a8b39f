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