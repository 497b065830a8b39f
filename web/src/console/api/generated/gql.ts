/* eslint-disable */
import * as types from './graphql';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query ConsoleCount($id: ID!) {\n    inventoryCount(id: $id) {\n      id\n      status\n      blind\n      reason\n      merchantId\n      skuCount\n      revision\n      startedAt\n      startedBy\n      closedAt\n      closedBy\n    }\n  }\n": typeof types.ConsoleCountDocument,
    "\n  query ConsoleCountSummary($id: ID!) {\n    inventoryCount(id: $id) {\n      id\n      summary {\n        countedCount\n        missingCount\n        staleCount\n        varianceCount\n        unitsOver\n        unitsShort\n      }\n    }\n  }\n": typeof types.ConsoleCountSummaryDocument,
    "\n  query ConsoleCountPlaces($id: ID!, $first: Int!, $after: String) {\n    inventoryCount(id: $id) {\n      id\n      lines(first: $first, after: $after) {\n        edges {\n          cursor\n          node {\n            skuId\n            version\n            countedVersion\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.ConsoleCountPlacesDocument,
    "\n  query ConsoleVersionNow($skuId: ID!) {\n    inventory(skuId: $skuId, consistency: PRIMARY) {\n      version\n    }\n  }\n": typeof types.ConsoleVersionNowDocument,
    "\n  query ConsoleCountPlace($id: ID!, $after: String) {\n    inventoryCount(id: $id) {\n      id\n      lines(first: 1, after: $after) {\n        nodes {\n          skuId\n          version\n        }\n      }\n    }\n  }\n": typeof types.ConsoleCountPlaceDocument,
    "\n  query ConsoleVersionAt($skuId: ID!, $at: DateTime!) {\n    inventory(skuId: $skuId) {\n      asOf(at: $at) {\n        version\n      }\n    }\n  }\n": typeof types.ConsoleVersionAtDocument,
    "\n  mutation ConsoleCountRecord($input: InventoryCountRecordInput!) {\n    inventoryCountRecord(input: $input) {\n      replayed\n      observations {\n        id\n        idempotencyKey\n      }\n      userErrors {\n        code\n        message\n        field\n        skuId\n      }\n    }\n  }\n": typeof types.ConsoleCountRecordDocument,
    "\n  query ConsoleCountLines($id: ID!, $only: [InventoryCountLineKind!], $first: Int!, $after: String) {\n    inventoryCount(id: $id) {\n      id\n      lines(first: $first, after: $after, only: $only) {\n        nodes {\n          skuId\n          quantity\n          quantityExpected\n          quantityMoved\n          quantityAfter\n          variance\n          version\n          countedVersion\n          countedAt\n          observationCount\n          flowId\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.ConsoleCountLinesDocument,
    "\n  query ConsoleCountObservations($id: ID!, $skuId: ID!, $after: String) {\n    inventoryCount(id: $id) {\n      id\n      observations(first: 20, skuId: $skuId, after: $after) {\n        nodes {\n          id\n          actor\n          quantity\n          version\n          countedAt\n          recordedAt\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.ConsoleCountObservationsDocument,
    "\n  mutation ConsoleCountComplete($input: InventoryCountCompleteInput!) {\n    inventoryCountComplete(input: $input) {\n      replayed\n      count {\n        id\n        status\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n        skuId\n      }\n    }\n  }\n": typeof types.ConsoleCountCompleteDocument,
    "\n  mutation ConsoleCountAbandon($input: InventoryCountAbandonInput!) {\n    inventoryCountAbandon(input: $input) {\n      replayed\n      count {\n        id\n        status\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": typeof types.ConsoleCountAbandonDocument,
    "\n  query ConsoleCountReview($id: ID!) {\n    inventoryCount(id: $id) {\n      id\n      revision\n      summary {\n        countedCount\n        missingCount\n        staleCount\n        varianceCount\n        unitsOver\n        unitsShort\n      }\n      lines(first: 200, only: [VARIANCE]) {\n        nodes {\n          skuId\n          variance\n          quantityAfter\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n": typeof types.ConsoleCountReviewDocument,
    "\n  query ConsoleCounts($where: InventoryCountWhere, $after: String) {\n    inventoryCounts(first: 20, where: $where, after: $after) {\n      nodes {\n        id\n        status\n        blind\n        reason\n        merchantId\n        skuCount\n        revision\n        startedAt\n        startedBy\n        closedAt\n        closedBy\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ConsoleCountsDocument,
    "\n  query ConsoleCountsProgress {\n    inventoryCounts(first: 10, where: { status: [OPEN] }) {\n      nodes {\n        id\n        summary {\n          countedCount\n          skuCount\n        }\n      }\n    }\n  }\n": typeof types.ConsoleCountsProgressDocument,
    "\n  mutation ConsoleCountStart($input: InventoryCountStartInput!) {\n    inventoryCountStart(input: $input) {\n      replayed\n      count {\n        id\n        skuCount\n      }\n      userErrors {\n        code\n        message\n        field\n        skuId\n      }\n    }\n  }\n": typeof types.ConsoleCountStartDocument,
    "\n  query ConsoleStocks($where: InventoryWhere, $orderBy: InventoryOrder, $after: String) {\n    inventories(first: 50, where: $where, orderBy: $orderBy, after: $after) {\n      edges {\n        cursor\n        node {\n          skuId\n          leavedAmount\n          version\n          updatedAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ConsoleStocksDocument,
    "\n  subscription ConsoleStockChanged($skuIds: [ID!]!) {\n    inventoryChanged(skuIds: $skuIds) {\n      skuId\n      leavedAmount\n      version\n      updatedAt\n    }\n  }\n": typeof types.ConsoleStockChangedDocument,
    "\n  mutation ConsoleCreate($input: InventoryCreateInput!) {\n    inventoryCreate(input: $input) {\n      replayed\n      inventory {\n        skuId\n        leavedAmount\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n": typeof types.ConsoleCreateDocument,
    "\n  mutation ConsoleReplenish($input: InventoryReplenishInput!) {\n    inventoryReplenish(input: $input) {\n      replayed\n      flow {\n        id\n        quantityBefore\n        quantityAfter\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n": typeof types.ConsoleReplenishDocument,
    "\n  mutation ConsoleSetQuantity($input: InventorySetQuantityInput!) {\n    inventorySetQuantity(input: $input) {\n      replayed\n      flow {\n        id\n        quantityBefore\n        quantityAfter\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n": typeof types.ConsoleSetQuantityDocument,
};
const documents: Documents = {
    "\n  query ConsoleCount($id: ID!) {\n    inventoryCount(id: $id) {\n      id\n      status\n      blind\n      reason\n      merchantId\n      skuCount\n      revision\n      startedAt\n      startedBy\n      closedAt\n      closedBy\n    }\n  }\n": types.ConsoleCountDocument,
    "\n  query ConsoleCountSummary($id: ID!) {\n    inventoryCount(id: $id) {\n      id\n      summary {\n        countedCount\n        missingCount\n        staleCount\n        varianceCount\n        unitsOver\n        unitsShort\n      }\n    }\n  }\n": types.ConsoleCountSummaryDocument,
    "\n  query ConsoleCountPlaces($id: ID!, $first: Int!, $after: String) {\n    inventoryCount(id: $id) {\n      id\n      lines(first: $first, after: $after) {\n        edges {\n          cursor\n          node {\n            skuId\n            version\n            countedVersion\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.ConsoleCountPlacesDocument,
    "\n  query ConsoleVersionNow($skuId: ID!) {\n    inventory(skuId: $skuId, consistency: PRIMARY) {\n      version\n    }\n  }\n": types.ConsoleVersionNowDocument,
    "\n  query ConsoleCountPlace($id: ID!, $after: String) {\n    inventoryCount(id: $id) {\n      id\n      lines(first: 1, after: $after) {\n        nodes {\n          skuId\n          version\n        }\n      }\n    }\n  }\n": types.ConsoleCountPlaceDocument,
    "\n  query ConsoleVersionAt($skuId: ID!, $at: DateTime!) {\n    inventory(skuId: $skuId) {\n      asOf(at: $at) {\n        version\n      }\n    }\n  }\n": types.ConsoleVersionAtDocument,
    "\n  mutation ConsoleCountRecord($input: InventoryCountRecordInput!) {\n    inventoryCountRecord(input: $input) {\n      replayed\n      observations {\n        id\n        idempotencyKey\n      }\n      userErrors {\n        code\n        message\n        field\n        skuId\n      }\n    }\n  }\n": types.ConsoleCountRecordDocument,
    "\n  query ConsoleCountLines($id: ID!, $only: [InventoryCountLineKind!], $first: Int!, $after: String) {\n    inventoryCount(id: $id) {\n      id\n      lines(first: $first, after: $after, only: $only) {\n        nodes {\n          skuId\n          quantity\n          quantityExpected\n          quantityMoved\n          quantityAfter\n          variance\n          version\n          countedVersion\n          countedAt\n          observationCount\n          flowId\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.ConsoleCountLinesDocument,
    "\n  query ConsoleCountObservations($id: ID!, $skuId: ID!, $after: String) {\n    inventoryCount(id: $id) {\n      id\n      observations(first: 20, skuId: $skuId, after: $after) {\n        nodes {\n          id\n          actor\n          quantity\n          version\n          countedAt\n          recordedAt\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.ConsoleCountObservationsDocument,
    "\n  mutation ConsoleCountComplete($input: InventoryCountCompleteInput!) {\n    inventoryCountComplete(input: $input) {\n      replayed\n      count {\n        id\n        status\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n        skuId\n      }\n    }\n  }\n": types.ConsoleCountCompleteDocument,
    "\n  mutation ConsoleCountAbandon($input: InventoryCountAbandonInput!) {\n    inventoryCountAbandon(input: $input) {\n      replayed\n      count {\n        id\n        status\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": types.ConsoleCountAbandonDocument,
    "\n  query ConsoleCountReview($id: ID!) {\n    inventoryCount(id: $id) {\n      id\n      revision\n      summary {\n        countedCount\n        missingCount\n        staleCount\n        varianceCount\n        unitsOver\n        unitsShort\n      }\n      lines(first: 200, only: [VARIANCE]) {\n        nodes {\n          skuId\n          variance\n          quantityAfter\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n": types.ConsoleCountReviewDocument,
    "\n  query ConsoleCounts($where: InventoryCountWhere, $after: String) {\n    inventoryCounts(first: 20, where: $where, after: $after) {\n      nodes {\n        id\n        status\n        blind\n        reason\n        merchantId\n        skuCount\n        revision\n        startedAt\n        startedBy\n        closedAt\n        closedBy\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ConsoleCountsDocument,
    "\n  query ConsoleCountsProgress {\n    inventoryCounts(first: 10, where: { status: [OPEN] }) {\n      nodes {\n        id\n        summary {\n          countedCount\n          skuCount\n        }\n      }\n    }\n  }\n": types.ConsoleCountsProgressDocument,
    "\n  mutation ConsoleCountStart($input: InventoryCountStartInput!) {\n    inventoryCountStart(input: $input) {\n      replayed\n      count {\n        id\n        skuCount\n      }\n      userErrors {\n        code\n        message\n        field\n        skuId\n      }\n    }\n  }\n": types.ConsoleCountStartDocument,
    "\n  query ConsoleStocks($where: InventoryWhere, $orderBy: InventoryOrder, $after: String) {\n    inventories(first: 50, where: $where, orderBy: $orderBy, after: $after) {\n      edges {\n        cursor\n        node {\n          skuId\n          leavedAmount\n          version\n          updatedAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ConsoleStocksDocument,
    "\n  subscription ConsoleStockChanged($skuIds: [ID!]!) {\n    inventoryChanged(skuIds: $skuIds) {\n      skuId\n      leavedAmount\n      version\n      updatedAt\n    }\n  }\n": types.ConsoleStockChangedDocument,
    "\n  mutation ConsoleCreate($input: InventoryCreateInput!) {\n    inventoryCreate(input: $input) {\n      replayed\n      inventory {\n        skuId\n        leavedAmount\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n": types.ConsoleCreateDocument,
    "\n  mutation ConsoleReplenish($input: InventoryReplenishInput!) {\n    inventoryReplenish(input: $input) {\n      replayed\n      flow {\n        id\n        quantityBefore\n        quantityAfter\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n": types.ConsoleReplenishDocument,
    "\n  mutation ConsoleSetQuantity($input: InventorySetQuantityInput!) {\n    inventorySetQuantity(input: $input) {\n      replayed\n      flow {\n        id\n        quantityBefore\n        quantityAfter\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n": types.ConsoleSetQuantityDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleCount($id: ID!) {\n    inventoryCount(id: $id) {\n      id\n      status\n      blind\n      reason\n      merchantId\n      skuCount\n      revision\n      startedAt\n      startedBy\n      closedAt\n      closedBy\n    }\n  }\n"): typeof import('./graphql').ConsoleCountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleCountSummary($id: ID!) {\n    inventoryCount(id: $id) {\n      id\n      summary {\n        countedCount\n        missingCount\n        staleCount\n        varianceCount\n        unitsOver\n        unitsShort\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleCountSummaryDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleCountPlaces($id: ID!, $first: Int!, $after: String) {\n    inventoryCount(id: $id) {\n      id\n      lines(first: $first, after: $after) {\n        edges {\n          cursor\n          node {\n            skuId\n            version\n            countedVersion\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleCountPlacesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleVersionNow($skuId: ID!) {\n    inventory(skuId: $skuId, consistency: PRIMARY) {\n      version\n    }\n  }\n"): typeof import('./graphql').ConsoleVersionNowDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleCountPlace($id: ID!, $after: String) {\n    inventoryCount(id: $id) {\n      id\n      lines(first: 1, after: $after) {\n        nodes {\n          skuId\n          version\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleCountPlaceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleVersionAt($skuId: ID!, $at: DateTime!) {\n    inventory(skuId: $skuId) {\n      asOf(at: $at) {\n        version\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleVersionAtDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConsoleCountRecord($input: InventoryCountRecordInput!) {\n    inventoryCountRecord(input: $input) {\n      replayed\n      observations {\n        id\n        idempotencyKey\n      }\n      userErrors {\n        code\n        message\n        field\n        skuId\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleCountRecordDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleCountLines($id: ID!, $only: [InventoryCountLineKind!], $first: Int!, $after: String) {\n    inventoryCount(id: $id) {\n      id\n      lines(first: $first, after: $after, only: $only) {\n        nodes {\n          skuId\n          quantity\n          quantityExpected\n          quantityMoved\n          quantityAfter\n          variance\n          version\n          countedVersion\n          countedAt\n          observationCount\n          flowId\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleCountLinesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleCountObservations($id: ID!, $skuId: ID!, $after: String) {\n    inventoryCount(id: $id) {\n      id\n      observations(first: 20, skuId: $skuId, after: $after) {\n        nodes {\n          id\n          actor\n          quantity\n          version\n          countedAt\n          recordedAt\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleCountObservationsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConsoleCountComplete($input: InventoryCountCompleteInput!) {\n    inventoryCountComplete(input: $input) {\n      replayed\n      count {\n        id\n        status\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n        skuId\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleCountCompleteDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConsoleCountAbandon($input: InventoryCountAbandonInput!) {\n    inventoryCountAbandon(input: $input) {\n      replayed\n      count {\n        id\n        status\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleCountAbandonDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleCountReview($id: ID!) {\n    inventoryCount(id: $id) {\n      id\n      revision\n      summary {\n        countedCount\n        missingCount\n        staleCount\n        varianceCount\n        unitsOver\n        unitsShort\n      }\n      lines(first: 200, only: [VARIANCE]) {\n        nodes {\n          skuId\n          variance\n          quantityAfter\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleCountReviewDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleCounts($where: InventoryCountWhere, $after: String) {\n    inventoryCounts(first: 20, where: $where, after: $after) {\n      nodes {\n        id\n        status\n        blind\n        reason\n        merchantId\n        skuCount\n        revision\n        startedAt\n        startedBy\n        closedAt\n        closedBy\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleCountsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleCountsProgress {\n    inventoryCounts(first: 10, where: { status: [OPEN] }) {\n      nodes {\n        id\n        summary {\n          countedCount\n          skuCount\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleCountsProgressDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConsoleCountStart($input: InventoryCountStartInput!) {\n    inventoryCountStart(input: $input) {\n      replayed\n      count {\n        id\n        skuCount\n      }\n      userErrors {\n        code\n        message\n        field\n        skuId\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleCountStartDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleStocks($where: InventoryWhere, $orderBy: InventoryOrder, $after: String) {\n    inventories(first: 50, where: $where, orderBy: $orderBy, after: $after) {\n      edges {\n        cursor\n        node {\n          skuId\n          leavedAmount\n          version\n          updatedAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleStocksDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ConsoleStockChanged($skuIds: [ID!]!) {\n    inventoryChanged(skuIds: $skuIds) {\n      skuId\n      leavedAmount\n      version\n      updatedAt\n    }\n  }\n"): typeof import('./graphql').ConsoleStockChangedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConsoleCreate($input: InventoryCreateInput!) {\n    inventoryCreate(input: $input) {\n      replayed\n      inventory {\n        skuId\n        leavedAmount\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleCreateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConsoleReplenish($input: InventoryReplenishInput!) {\n    inventoryReplenish(input: $input) {\n      replayed\n      flow {\n        id\n        quantityBefore\n        quantityAfter\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleReplenishDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConsoleSetQuantity($input: InventorySetQuantityInput!) {\n    inventorySetQuantity(input: $input) {\n      replayed\n      flow {\n        id\n        quantityBefore\n        quantityAfter\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleSetQuantityDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
