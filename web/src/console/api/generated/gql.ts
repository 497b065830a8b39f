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
    "\n  query ConsoleEntryDetail($id: ID!) {\n    inventoryFlow(id: $id) {\n      ...ConsoleEntry\n      merchantId\n      idempotencyKey\n      contentHash\n      refundableQuantity\n      refundedQuantity\n      deduction {\n        ...ConsoleEntry\n        refundableQuantity\n      }\n      refunds {\n        ...ConsoleEntry\n      }\n    }\n  }\n": typeof types.ConsoleEntryDetailDocument,
    "\n  query ConsoleEntrySeal($id: ID!) {\n    inventoryFlow(id: $id) {\n      inclusionProof {\n        leafIndex\n        treeSize\n        sequence\n        seal {\n          id\n          sealedAt\n          hash\n        }\n      }\n    }\n  }\n": typeof types.ConsoleEntrySealDocument,
    "\n  mutation ConsoleRefund($input: InventoryRefundInput!) {\n    inventoryRefund(input: $input) {\n      replayed\n      flow {\n        id\n        quantityAfter\n        quantityTrade\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n": typeof types.ConsoleRefundDocument,
    "\n  query ConsoleExplain($skuId: ID!, $from: InventoryPointInput, $to: InventoryPointInput) {\n    inventoryExplain(skuId: $skuId, from: $from, to: $to) {\n      opening {\n        quantity\n        sequence\n        at\n      }\n      closing {\n        quantity\n        sequence\n        at\n      }\n      causes {\n        kind\n        reason\n        others\n        reasonCount\n        actor\n        entryCount\n        unitsIn\n        unitsOut\n        net\n      }\n      net\n      unitsIn\n      unitsOut\n      entryCount\n      agrees\n    }\n  }\n": typeof types.ConsoleExplainDocument,
    "\n  query ConsoleCauseEntries(\n    $skuId: ID!\n    $from: InventoryPointInput\n    $to: InventoryPointInput\n    $after: String\n  ) {\n    inventoryExplain(skuId: $skuId, from: $from, to: $to) {\n      causes {\n        kind\n        reason\n        others\n        flows(first: 20, after: $after) {\n          nodes {\n            ...ConsoleEntry\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n": typeof types.ConsoleCauseEntriesDocument,
    "\n  query ConsoleSku($skuId: ID!) {\n    inventory(skuId: $skuId) {\n      skuId\n      leavedAmount\n      version\n      updatedAt\n      createdAt\n      merchantId\n    }\n  }\n": typeof types.ConsoleSkuDocument,
    "\n  subscription ConsoleSkuChanged($skuId: ID!) {\n    inventoryChanged(skuIds: [$skuId]) {\n      skuId\n      leavedAmount\n      version\n      updatedAt\n      createdAt\n      merchantId\n    }\n  }\n": typeof types.ConsoleSkuChangedDocument,
    "\n  fragment ConsoleEntry on InventoryFlow {\n    id\n    skuId\n    sequence\n    kind\n    quantityTrade\n    quantityBefore\n    quantityAfter\n    orderDetailId\n    actor\n    reason\n    createdAt\n    hash\n  }\n": typeof types.ConsoleEntryFragmentDoc,
    "\n  query ConsoleEntries($where: InventoryFlowWhere, $first: Int!, $after: String) {\n    inventoryFlows(where: $where, first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          ...ConsoleEntry\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ConsoleEntriesDocument,
    "\n  query ConsoleNewestEntry($skuId: ID!) {\n    inventoryFlows(where: { skuId: [$skuId] }, first: 1) {\n      edges {\n        cursor\n        node {\n          sequence\n          quantityAfter\n          createdAt\n        }\n      }\n    }\n  }\n": typeof types.ConsoleNewestEntryDocument,
    "\n  subscription ConsoleEntryAppended($where: InventoryFlowWhere, $after: String) {\n    inventoryFlowAppended(where: $where, after: $after) {\n      cursor\n      node {\n        ...ConsoleEntry\n      }\n    }\n  }\n": typeof types.ConsoleEntryAppendedDocument,
    "\n  query ConsoleAmountAt($skuId: ID!, $at: DateTime!) {\n    inventory(skuId: $skuId) {\n      asOf(at: $at) {\n        leavedAmount\n        version\n      }\n    }\n  }\n": typeof types.ConsoleAmountAtDocument,
    "\n  query ConsoleFlowPeriods(\n    $where: InventoryFlowWhere\n    $groupBy: [InventoryFlowGroup!]!\n    $timeZone: String\n    $after: String\n  ) {\n    inventoryFlowSummary(where: $where, groupBy: $groupBy, timeZone: $timeZone, first: 200, after: $after) {\n      nodes {\n        periodStart\n        periodEnd\n        entryCount\n        unitsIn\n        unitsOut\n        net\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ConsoleFlowPeriodsDocument,
    "\n  query ConsoleRefused(\n    $where: InventoryRefusalWhere\n    $groupBy: [InventoryRefusalGroupBy!]!\n    $timeZone: String\n    $after: String\n  ) {\n    inventoryRefusals(where: $where, groupBy: $groupBy, timeZone: $timeZone, first: 200, after: $after) {\n      nodes {\n        periodStart\n        periodEnd\n        refusalCount\n        unitsRequested\n        unitsMissing\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ConsoleRefusedDocument,
    "\n  query ConsoleSoldOut($skuId: ID!, $ranOutAt: DateTimeRange, $after: String) {\n    inventorySoldOutSpans(skuId: $skuId, ranOutAt: $ranOutAt, first: 50, after: $after) {\n      nodes {\n        ranOutFlow {\n          id\n          createdAt\n        }\n        cameBackFlow {\n          id\n          createdAt\n        }\n        durationMs\n        refusals {\n          refusalCount\n          unitsRequested\n          unitsMissing\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ConsoleSoldOutDocument,
    "\n  query ConsoleStocks($where: InventoryWhere, $orderBy: InventoryOrder, $after: String) {\n    inventories(first: 50, where: $where, orderBy: $orderBy, after: $after) {\n      edges {\n        cursor\n        node {\n          skuId\n          leavedAmount\n          version\n          updatedAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ConsoleStocksDocument,
    "\n  subscription ConsoleStockChanged($skuIds: [ID!]!) {\n    inventoryChanged(skuIds: $skuIds) {\n      skuId\n      leavedAmount\n      version\n      updatedAt\n    }\n  }\n": typeof types.ConsoleStockChangedDocument,
    "\n  mutation ConsoleCreate($input: InventoryCreateInput!) {\n    inventoryCreate(input: $input) {\n      replayed\n      inventory {\n        skuId\n        leavedAmount\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n": typeof types.ConsoleCreateDocument,
    "\n  mutation ConsoleReplenish($input: InventoryReplenishInput!) {\n    inventoryReplenish(input: $input) {\n      replayed\n      flow {\n        id\n        quantityBefore\n        quantityAfter\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n": typeof types.ConsoleReplenishDocument,
    "\n  mutation ConsoleSetQuantity($input: InventorySetQuantityInput!) {\n    inventorySetQuantity(input: $input) {\n      replayed\n      flow {\n        id\n        quantityBefore\n        quantityAfter\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n": typeof types.ConsoleSetQuantityDocument,
};
const documents: Documents = {
    "\n  query ConsoleEntryDetail($id: ID!) {\n    inventoryFlow(id: $id) {\n      ...ConsoleEntry\n      merchantId\n      idempotencyKey\n      contentHash\n      refundableQuantity\n      refundedQuantity\n      deduction {\n        ...ConsoleEntry\n        refundableQuantity\n      }\n      refunds {\n        ...ConsoleEntry\n      }\n    }\n  }\n": types.ConsoleEntryDetailDocument,
    "\n  query ConsoleEntrySeal($id: ID!) {\n    inventoryFlow(id: $id) {\n      inclusionProof {\n        leafIndex\n        treeSize\n        sequence\n        seal {\n          id\n          sealedAt\n          hash\n        }\n      }\n    }\n  }\n": types.ConsoleEntrySealDocument,
    "\n  mutation ConsoleRefund($input: InventoryRefundInput!) {\n    inventoryRefund(input: $input) {\n      replayed\n      flow {\n        id\n        quantityAfter\n        quantityTrade\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n": types.ConsoleRefundDocument,
    "\n  query ConsoleExplain($skuId: ID!, $from: InventoryPointInput, $to: InventoryPointInput) {\n    inventoryExplain(skuId: $skuId, from: $from, to: $to) {\n      opening {\n        quantity\n        sequence\n        at\n      }\n      closing {\n        quantity\n        sequence\n        at\n      }\n      causes {\n        kind\n        reason\n        others\n        reasonCount\n        actor\n        entryCount\n        unitsIn\n        unitsOut\n        net\n      }\n      net\n      unitsIn\n      unitsOut\n      entryCount\n      agrees\n    }\n  }\n": types.ConsoleExplainDocument,
    "\n  query ConsoleCauseEntries(\n    $skuId: ID!\n    $from: InventoryPointInput\n    $to: InventoryPointInput\n    $after: String\n  ) {\n    inventoryExplain(skuId: $skuId, from: $from, to: $to) {\n      causes {\n        kind\n        reason\n        others\n        flows(first: 20, after: $after) {\n          nodes {\n            ...ConsoleEntry\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n": types.ConsoleCauseEntriesDocument,
    "\n  query ConsoleSku($skuId: ID!) {\n    inventory(skuId: $skuId) {\n      skuId\n      leavedAmount\n      version\n      updatedAt\n      createdAt\n      merchantId\n    }\n  }\n": types.ConsoleSkuDocument,
    "\n  subscription ConsoleSkuChanged($skuId: ID!) {\n    inventoryChanged(skuIds: [$skuId]) {\n      skuId\n      leavedAmount\n      version\n      updatedAt\n      createdAt\n      merchantId\n    }\n  }\n": types.ConsoleSkuChangedDocument,
    "\n  fragment ConsoleEntry on InventoryFlow {\n    id\n    skuId\n    sequence\n    kind\n    quantityTrade\n    quantityBefore\n    quantityAfter\n    orderDetailId\n    actor\n    reason\n    createdAt\n    hash\n  }\n": types.ConsoleEntryFragmentDoc,
    "\n  query ConsoleEntries($where: InventoryFlowWhere, $first: Int!, $after: String) {\n    inventoryFlows(where: $where, first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          ...ConsoleEntry\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ConsoleEntriesDocument,
    "\n  query ConsoleNewestEntry($skuId: ID!) {\n    inventoryFlows(where: { skuId: [$skuId] }, first: 1) {\n      edges {\n        cursor\n        node {\n          sequence\n          quantityAfter\n          createdAt\n        }\n      }\n    }\n  }\n": types.ConsoleNewestEntryDocument,
    "\n  subscription ConsoleEntryAppended($where: InventoryFlowWhere, $after: String) {\n    inventoryFlowAppended(where: $where, after: $after) {\n      cursor\n      node {\n        ...ConsoleEntry\n      }\n    }\n  }\n": types.ConsoleEntryAppendedDocument,
    "\n  query ConsoleAmountAt($skuId: ID!, $at: DateTime!) {\n    inventory(skuId: $skuId) {\n      asOf(at: $at) {\n        leavedAmount\n        version\n      }\n    }\n  }\n": types.ConsoleAmountAtDocument,
    "\n  query ConsoleFlowPeriods(\n    $where: InventoryFlowWhere\n    $groupBy: [InventoryFlowGroup!]!\n    $timeZone: String\n    $after: String\n  ) {\n    inventoryFlowSummary(where: $where, groupBy: $groupBy, timeZone: $timeZone, first: 200, after: $after) {\n      nodes {\n        periodStart\n        periodEnd\n        entryCount\n        unitsIn\n        unitsOut\n        net\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ConsoleFlowPeriodsDocument,
    "\n  query ConsoleRefused(\n    $where: InventoryRefusalWhere\n    $groupBy: [InventoryRefusalGroupBy!]!\n    $timeZone: String\n    $after: String\n  ) {\n    inventoryRefusals(where: $where, groupBy: $groupBy, timeZone: $timeZone, first: 200, after: $after) {\n      nodes {\n        periodStart\n        periodEnd\n        refusalCount\n        unitsRequested\n        unitsMissing\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ConsoleRefusedDocument,
    "\n  query ConsoleSoldOut($skuId: ID!, $ranOutAt: DateTimeRange, $after: String) {\n    inventorySoldOutSpans(skuId: $skuId, ranOutAt: $ranOutAt, first: 50, after: $after) {\n      nodes {\n        ranOutFlow {\n          id\n          createdAt\n        }\n        cameBackFlow {\n          id\n          createdAt\n        }\n        durationMs\n        refusals {\n          refusalCount\n          unitsRequested\n          unitsMissing\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ConsoleSoldOutDocument,
    "\n  query ConsoleStocks($where: InventoryWhere, $orderBy: InventoryOrder, $after: String) {\n    inventories(first: 50, where: $where, orderBy: $orderBy, after: $after) {\n      edges {\n        cursor\n        node {\n          skuId\n          leavedAmount\n          version\n          updatedAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ConsoleStocksDocument,
    "\n  subscription ConsoleStockChanged($skuIds: [ID!]!) {\n    inventoryChanged(skuIds: $skuIds) {\n      skuId\n      leavedAmount\n      version\n      updatedAt\n    }\n  }\n": types.ConsoleStockChangedDocument,
    "\n  mutation ConsoleCreate($input: InventoryCreateInput!) {\n    inventoryCreate(input: $input) {\n      replayed\n      inventory {\n        skuId\n        leavedAmount\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n": types.ConsoleCreateDocument,
    "\n  mutation ConsoleReplenish($input: InventoryReplenishInput!) {\n    inventoryReplenish(input: $input) {\n      replayed\n      flow {\n        id\n        quantityBefore\n        quantityAfter\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n": types.ConsoleReplenishDocument,
    "\n  mutation ConsoleSetQuantity($input: InventorySetQuantityInput!) {\n    inventorySetQuantity(input: $input) {\n      replayed\n      flow {\n        id\n        quantityBefore\n        quantityAfter\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n": types.ConsoleSetQuantityDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleEntryDetail($id: ID!) {\n    inventoryFlow(id: $id) {\n      ...ConsoleEntry\n      merchantId\n      idempotencyKey\n      contentHash\n      refundableQuantity\n      refundedQuantity\n      deduction {\n        ...ConsoleEntry\n        refundableQuantity\n      }\n      refunds {\n        ...ConsoleEntry\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleEntryDetailDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleEntrySeal($id: ID!) {\n    inventoryFlow(id: $id) {\n      inclusionProof {\n        leafIndex\n        treeSize\n        sequence\n        seal {\n          id\n          sealedAt\n          hash\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleEntrySealDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConsoleRefund($input: InventoryRefundInput!) {\n    inventoryRefund(input: $input) {\n      replayed\n      flow {\n        id\n        quantityAfter\n        quantityTrade\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleRefundDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleExplain($skuId: ID!, $from: InventoryPointInput, $to: InventoryPointInput) {\n    inventoryExplain(skuId: $skuId, from: $from, to: $to) {\n      opening {\n        quantity\n        sequence\n        at\n      }\n      closing {\n        quantity\n        sequence\n        at\n      }\n      causes {\n        kind\n        reason\n        others\n        reasonCount\n        actor\n        entryCount\n        unitsIn\n        unitsOut\n        net\n      }\n      net\n      unitsIn\n      unitsOut\n      entryCount\n      agrees\n    }\n  }\n"): typeof import('./graphql').ConsoleExplainDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleCauseEntries(\n    $skuId: ID!\n    $from: InventoryPointInput\n    $to: InventoryPointInput\n    $after: String\n  ) {\n    inventoryExplain(skuId: $skuId, from: $from, to: $to) {\n      causes {\n        kind\n        reason\n        others\n        flows(first: 20, after: $after) {\n          nodes {\n            ...ConsoleEntry\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleCauseEntriesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleSku($skuId: ID!) {\n    inventory(skuId: $skuId) {\n      skuId\n      leavedAmount\n      version\n      updatedAt\n      createdAt\n      merchantId\n    }\n  }\n"): typeof import('./graphql').ConsoleSkuDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ConsoleSkuChanged($skuId: ID!) {\n    inventoryChanged(skuIds: [$skuId]) {\n      skuId\n      leavedAmount\n      version\n      updatedAt\n      createdAt\n      merchantId\n    }\n  }\n"): typeof import('./graphql').ConsoleSkuChangedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ConsoleEntry on InventoryFlow {\n    id\n    skuId\n    sequence\n    kind\n    quantityTrade\n    quantityBefore\n    quantityAfter\n    orderDetailId\n    actor\n    reason\n    createdAt\n    hash\n  }\n"): typeof import('./graphql').ConsoleEntryFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleEntries($where: InventoryFlowWhere, $first: Int!, $after: String) {\n    inventoryFlows(where: $where, first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          ...ConsoleEntry\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleEntriesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleNewestEntry($skuId: ID!) {\n    inventoryFlows(where: { skuId: [$skuId] }, first: 1) {\n      edges {\n        cursor\n        node {\n          sequence\n          quantityAfter\n          createdAt\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleNewestEntryDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ConsoleEntryAppended($where: InventoryFlowWhere, $after: String) {\n    inventoryFlowAppended(where: $where, after: $after) {\n      cursor\n      node {\n        ...ConsoleEntry\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleEntryAppendedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleAmountAt($skuId: ID!, $at: DateTime!) {\n    inventory(skuId: $skuId) {\n      asOf(at: $at) {\n        leavedAmount\n        version\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleAmountAtDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleFlowPeriods(\n    $where: InventoryFlowWhere\n    $groupBy: [InventoryFlowGroup!]!\n    $timeZone: String\n    $after: String\n  ) {\n    inventoryFlowSummary(where: $where, groupBy: $groupBy, timeZone: $timeZone, first: 200, after: $after) {\n      nodes {\n        periodStart\n        periodEnd\n        entryCount\n        unitsIn\n        unitsOut\n        net\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleFlowPeriodsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleRefused(\n    $where: InventoryRefusalWhere\n    $groupBy: [InventoryRefusalGroupBy!]!\n    $timeZone: String\n    $after: String\n  ) {\n    inventoryRefusals(where: $where, groupBy: $groupBy, timeZone: $timeZone, first: 200, after: $after) {\n      nodes {\n        periodStart\n        periodEnd\n        refusalCount\n        unitsRequested\n        unitsMissing\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleRefusedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsoleSoldOut($skuId: ID!, $ranOutAt: DateTimeRange, $after: String) {\n    inventorySoldOutSpans(skuId: $skuId, ranOutAt: $ranOutAt, first: 50, after: $after) {\n      nodes {\n        ranOutFlow {\n          id\n          createdAt\n        }\n        cameBackFlow {\n          id\n          createdAt\n        }\n        durationMs\n        refusals {\n          refusalCount\n          unitsRequested\n          unitsMissing\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql').ConsoleSoldOutDocument;
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
