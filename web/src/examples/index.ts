/**
 * The example operations, in the order in which a newcomer runs them. Each is a `.graphql` file
 * beside this one, so that the server's tests can check it against the schema; its variables are
 * here, because they differ at every visit.
 */
import createSku from "./1-create-sku.graphql?raw";
import checkAvailability from "./2-check-availability.graphql?raw";
import deduct from "./3-deduct.graphql?raw";
import deductCart from "./4-deduct-cart.graphql?raw";
import refund from "./5-refund.graphql?raw";
import history from "./6-history.graphql?raw";
import lookUpOperation from "./7-look-up-operation.graphql?raw";
import asOf from "./8-as-of.graphql?raw";
import proveAmount from "./9-prove-amount.graphql?raw";
import reconcile from "./10-reconcile.graphql?raw";
import verifyChain from "./11-verify-chain.graphql?raw";
import seals from "./12-seals.graphql?raw";
import summary from "./13-summary.graphql?raw";
import explain from "./14-explain.graphql?raw";
import orderTrail from "./15-order-trail.graphql?raw";
import refusals from "./16-refusals.graphql?raw";
import soldOut from "./17-sold-out.graphql?raw";
import anomalies from "./18-anomalies.graphql?raw";
import startCount from "./19-start-count.graphql?raw";
import recordCount from "./20-record-count.graphql?raw";
import reviewCount from "./21-review-count.graphql?raw";
import completeCount from "./22-complete-count.graphql?raw";
import deductMany from "./23-deduct-many.graphql?raw";
import replenishMany from "./24-replenish-many.graphql?raw";
import followEntries from "./25-follow-entries.graphql?raw";
import followStock from "./26-follow-stock.graphql?raw";

/** What one load of the page uses in its examples, and no other load does. */
export interface Run {
  /** Stands in every idempotency key and order id. */
  token: string;
  skuId: string;
}

export interface Example {
  query: string;
  variables: string;
}

/** Stands for an id that another example answers, until it has; nothing has this id. */
export const NO_ID = "0";
/** The examples that need such ids. */
export const NEED_IDS = [refund, recordCount, reviewCount, completeCount];

export function newRun(): Run {
  return {
    token: Array.from(crypto.getRandomValues(new Uint32Array(2)), (n) => n.toString(36)).join(""),
    skuId: String(100_000 + Math.floor(Math.random() * 9_900_000)),
  };
}

export function examplesOf({ token, skuId }: Run): Example[] {
  const key = (what: string) => `demo-${what}-${token}`;
  const order = (line: number) => `demo-order-${token}-${line}`;
  const opened = new Date().toISOString();
  return [
    example(createSku, {
      input: { skuId, quantity: 100, reason: "first delivery", idempotencyKey: key("create") },
    }),
    example(checkAvailability, { lines: [{ skuId, quantity: 3 }] }),
    example(deduct, {
      input: { skuId, orderDetailId: order(1), quantity: 3, idempotencyKey: key("deduct") },
    }),
    example(deductCart, {
      input: {
        lines: [
          { skuId, orderDetailId: order(2), quantity: 2 },
          { skuId, orderDetailId: order(3), quantity: 1 },
        ],
        idempotencyKey: key("cart"),
      },
    }),
    example(refund, {
      input: {
        flowId: NO_ID,
        quantity: 1,
        reason: "one arrived broken",
        idempotencyKey: key("refund"),
      },
    }),
    example(history, { where: { skuId: [skuId] }, first: 20 }),
    example(lookUpOperation, { idempotencyKey: key("deduct") }),
    example(asOf, { skuId, at: opened, point: { at: opened } }),
    example(proveAmount, { skuId }),
    example(reconcile, { where: { skuId: [skuId] }, first: 20 }),
    example(verifyChain, { skuId }),
    example(seals, { first: 10 }),
    example(summary, {
      where: { skuId: [skuId] },
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      first: 20,
    }),
    example(explain, { skuId }),
    example(orderTrail, { orderDetailIds: [order(1), order(2), order(3)] }),
    example(refusals, { where: { skuId: [skuId] }, timeZone: "Europe/Berlin", first: 20 }),
    example(soldOut, { skuId, first: 10 }),
    example(anomalies, { where: {}, first: 20, after: null }),
    example(startCount, {
      input: { skuIds: [skuId], reason: "one shelf", idempotencyKey: key("count") },
    }),
    example(recordCount, {
      input: {
        countId: NO_ID,
        lines: [{ skuId, quantity: 90, idempotencyKey: key("shelf") }],
      },
    }),
    example(reviewCount, { countId: NO_ID, only: null }),
    example(completeCount, { input: { countId: NO_ID, uncounted: "REFUSE" } }),
    example(deductMany, {
      input: {
        lines: [
          { skuId, orderDetailId: order(4), quantity: 2, idempotencyKey: key("many-1") },
          { skuId, orderDetailId: order(5), quantity: 1000, idempotencyKey: key("many-2") },
          { skuId, orderDetailId: order(6), quantity: 1, idempotencyKey: key("many-3") },
        ],
        errorPolicy: "REJECT_FAILED",
      },
    }),
    example(replenishMany, {
      input: {
        lines: [{ skuId, quantity: 10, reason: "nightly feed", idempotencyKey: key("feed-1") }],
        errorPolicy: "REJECT_ALL",
      },
    }),
    example(followEntries, { where: { skuId: [skuId] }, after: null }),
    example(followStock, { skuIds: [skuId] }),
  ];
}

function example(query: string, variables: object): Example {
  return { query: query.trimEnd(), variables: JSON.stringify(variables, null, 2) };
}
