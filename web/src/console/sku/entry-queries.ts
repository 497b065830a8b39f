/** What is asked about one entry, and how what it took is given back. */
import { graphql } from "../api/generated";

export const ENTRY = graphql(`
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
`);

export const ENTRY_SEAL = graphql(`
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
`);

export const REFUND = graphql(`
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
`);
