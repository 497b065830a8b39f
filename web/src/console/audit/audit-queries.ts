/** What the views of the audit ask. */
import { graphql } from "../api/generated";

/** An entry, as a line of a table. */
export const FLOW = graphql(`
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
`);

export const HISTORY = graphql(`
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
`);

export const FLOW_APPENDED = graphql(`
  subscription ConsoleHistoryAppended($where: InventoryFlowWhere, $after: String) {
    inventoryFlowAppended(where: $where, after: $after) {
      cursor
      node {
        ...ConsoleAuditFlow
        idempotencyKey
      }
    }
  }
`);

export const FINDING = graphql(`
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
`);

export const SKU_COUNT = graphql(`
  query ConsoleSkuCount($where: InventoryWhere) {
    inventories(first: 0, where: $where) {
      totalCount
    }
  }
`);

export const SKU_IDS = graphql(`
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
`);

export const RECONCILE = graphql(`
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
`);

export const VERIFY = graphql(`
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
`);

export const SUMMARY = graphql(`
  query ConsoleSummary(
    $groupBy: [InventoryFlowGroup!]!
    $timeZone: String
    $where: InventoryFlowWhere
    $after: String
  ) {
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
`);

export const ANOMALIES = graphql(`
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
`);

export const SEALS = graphql(`
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
`);

export const INCLUSION = graphql(`
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
`);
