/** What is asked about why an amount is what it is. */
import { graphql } from "../api/generated";

export const EXPLAIN = graphql(`
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
`);

/** The entries of every cause, for the server finds those of one no other way; a page is small for that. */
export const CAUSE_ENTRIES = graphql(`
  query ConsoleCauseEntries(
    $skuId: ID!
    $from: InventoryPointInput
    $to: InventoryPointInput
    $after: String
  ) {
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
`);
