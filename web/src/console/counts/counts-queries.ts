/** What the list of stocktakes asks and sends. */
import { graphql } from "../api/generated";

export const COUNTS = graphql(`
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
`);

/** How far the newest open ones have come: it is read from the books, so it is asked of a few. */
export const COUNTS_PROGRESS = graphql(`
  query ConsoleCountsProgress {
    inventoryCounts(first: 10, where: { status: [OPEN] }) {
      nodes {
        id
        summary {
          countedCount
          skuCount
        }
      }
    }
  }
`);

export const COUNT_START = graphql(`
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
`);
