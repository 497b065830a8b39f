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
    "\n  query ConsoleStocks($where: InventoryWhere, $orderBy: InventoryOrder, $after: String) {\n    inventories(first: 50, where: $where, orderBy: $orderBy, after: $after) {\n      edges {\n        cursor\n        node {\n          skuId\n          leavedAmount\n          version\n          updatedAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ConsoleStocksDocument,
    "\n  subscription ConsoleStockChanged($skuIds: [ID!]!) {\n    inventoryChanged(skuIds: $skuIds) {\n      skuId\n      leavedAmount\n      version\n      updatedAt\n    }\n  }\n": typeof types.ConsoleStockChangedDocument,
    "\n  mutation ConsoleCreate($input: InventoryCreateInput!) {\n    inventoryCreate(input: $input) {\n      replayed\n      inventory {\n        skuId\n        leavedAmount\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n": typeof types.ConsoleCreateDocument,
    "\n  mutation ConsoleReplenish($input: InventoryReplenishInput!) {\n    inventoryReplenish(input: $input) {\n      replayed\n      flow {\n        id\n        quantityBefore\n        quantityAfter\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n": typeof types.ConsoleReplenishDocument,
    "\n  mutation ConsoleSetQuantity($input: InventorySetQuantityInput!) {\n    inventorySetQuantity(input: $input) {\n      replayed\n      flow {\n        id\n        quantityBefore\n        quantityAfter\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n": typeof types.ConsoleSetQuantityDocument,
};
const documents: Documents = {
    "\n  query ConsoleStocks($where: InventoryWhere, $orderBy: InventoryOrder, $after: String) {\n    inventories(first: 50, where: $where, orderBy: $orderBy, after: $after) {\n      edges {\n        cursor\n        node {\n          skuId\n          leavedAmount\n          version\n          updatedAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ConsoleStocksDocument,
    "\n  subscription ConsoleStockChanged($skuIds: [ID!]!) {\n    inventoryChanged(skuIds: $skuIds) {\n      skuId\n      leavedAmount\n      version\n      updatedAt\n    }\n  }\n": types.ConsoleStockChangedDocument,
    "\n  mutation ConsoleCreate($input: InventoryCreateInput!) {\n    inventoryCreate(input: $input) {\n      replayed\n      inventory {\n        skuId\n        leavedAmount\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n": types.ConsoleCreateDocument,
    "\n  mutation ConsoleReplenish($input: InventoryReplenishInput!) {\n    inventoryReplenish(input: $input) {\n      replayed\n      flow {\n        id\n        quantityBefore\n        quantityAfter\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n": types.ConsoleReplenishDocument,
    "\n  mutation ConsoleSetQuantity($input: InventorySetQuantityInput!) {\n    inventorySetQuantity(input: $input) {\n      replayed\n      flow {\n        id\n        quantityBefore\n        quantityAfter\n      }\n      userErrors {\n        code\n        message\n        available\n        requested\n      }\n    }\n  }\n": types.ConsoleSetQuantityDocument,
};

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
