/** What the view of one SKU asks and sends. */
import { graphql } from "../api/generated";

export const SKU = graphql(`
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
`);

export const SKU_CHANGED = graphql(`
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
`);

graphql(`
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
`);

export const ENTRIES = graphql(`
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
`);

/** Where a SKU's history has come to; who may not see it is told so. */
export const NEWEST = graphql(`
  query ConsoleNewestEntry($skuId: ID!) {
    inventoryFlows(where: { skuId: [$skuId] }, first: 1) {
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
`);

export const APPENDED = graphql(`
  subscription ConsoleEntryAppended($where: InventoryFlowWhere, $after: String) {
    inventoryFlowAppended(where: $where, after: $after) {
      cursor
      node {
        ...ConsoleEntry
      }
    }
  }
`);

/** What was there at an instant; null before the SKU was on the books. */
export const AMOUNT_AT = graphql(`
  query ConsoleAmountAt($skuId: ID!, $at: DateTime!) {
    inventory(skuId: $skuId) {
      asOf(at: $at) {
        leavedAmount
        version
      }
    }
  }
`);

export const PERIODS = graphql(`
  query ConsoleFlowPeriods(
    $where: InventoryFlowWhere
    $groupBy: [InventoryFlowGroup!]!
    $timeZone: String
    $after: String
  ) {
    inventoryFlowSummary(where: $where, groupBy: $groupBy, timeZone: $timeZone, first: 200, after: $after) {
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
`);

export const REFUSED = graphql(`
  query ConsoleRefused(
    $where: InventoryRefusalWhere
    $groupBy: [InventoryRefusalGroupBy!]!
    $timeZone: String
    $after: String
  ) {
    inventoryRefusals(where: $where, groupBy: $groupBy, timeZone: $timeZone, first: 200, after: $after) {
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
`);

export const SOLD_OUT = graphql(`
  query ConsoleSoldOut($skuId: ID!, $ranOutAt: DateTimeRange, $after: String) {
    inventorySoldOutSpans(skuId: $skuId, ranOutAt: $ranOutAt, first: 50, after: $after) {
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
`);
