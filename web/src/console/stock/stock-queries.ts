/** What the stock view asks and sends. */
import { graphql } from "../api/generated";

export const STOCKS = graphql(`
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
`);

export const STOCK_CHANGED = graphql(`
  subscription ConsoleStockChanged($skuIds: [ID!]!) {
    inventoryChanged(skuIds: $skuIds) {
      skuId
      leavedAmount
      version
      updatedAt
    }
  }
`);

export const CREATE = graphql(`
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
`);

export const REPLENISH = graphql(`
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
`);

export const SET_QUANTITY = graphql(`
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
`);
