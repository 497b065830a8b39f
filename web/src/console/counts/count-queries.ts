/** What the views of one stocktake ask and send. */
import { graphql } from "../api/generated";

export const COUNT = graphql(`
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
`);

/** The server reads all SKUs of the stocktake for this: it is asked of where it is looked at. */
export const COUNT_SUMMARY = graphql(`
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
`);

export const COUNT_PLACES = graphql(`
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
`);

/** The version of one SKU: cheap, but for who may not see amounts. */
export const VERSION_NOW = graphql(`
  query ConsoleVersionNow($skuId: ID!) {
    inventory(skuId: $skuId, consistency: PRIMARY) {
      version
    }
  }
`);

/** The same for who only counts. */
export const COUNT_PLACE = graphql(`
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
`);

/** Which version a SKU had at an instant, for what was counted without a network. */
export const VERSION_AT = graphql(`
  query ConsoleVersionAt($skuId: ID!, $at: DateTime!) {
    inventory(skuId: $skuId) {
      asOf(at: $at) {
        version
      }
    }
  }
`);

export const COUNT_RECORD = graphql(`
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
`);

export const COUNT_LINES = graphql(`
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
`);

export const COUNT_OBSERVATIONS = graphql(`
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
`);

export const COUNT_COMPLETE = graphql(`
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
`);

export const COUNT_ABANDON = graphql(`
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
`);

/** What is shown before it is completed, and the revision of that, in one answer. */
export const COUNT_REVIEW = graphql(`
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
`);
