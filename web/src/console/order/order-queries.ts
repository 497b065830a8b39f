/** What the view of orders asks. */
import { graphql } from "../api/generated";

export const TRAIL = graphql(`
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
`);

export const TRAILS = graphql(`
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
`);

export const ORDER_APPENDED = graphql(`
  subscription ConsoleOrderAppended($where: InventoryFlowWhere, $after: String) {
    inventoryFlowAppended(where: $where, after: $after) {
      cursor
      node {
        id
      }
    }
  }
`);

export const ORDER_STOCK = graphql(`
  query ConsoleOrderStock($skuId: ID!) {
    inventory(skuId: $skuId) {
      leavedAmount
    }
  }
`);
