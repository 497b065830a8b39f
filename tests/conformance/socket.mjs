// Has the reference client of GraphQL over WebSocket ask a server what a client may: node socket.mjs URL
import assert from "node:assert/strict";
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const EVENTS = 5;
const url = `${process.argv[2]}/graphql`;

async function post(query, variables) {
  const body = JSON.stringify({ query, variables });
  const headers = { "content-type": "application/json" };
  const answer = await (await fetch(url, { method: "POST", headers, body })).json();
  assert.equal(answer.errors, undefined, JSON.stringify(answer));
}

let ponged;
let closed;
const pong = new Promise((resolve) => (ponged = resolve));
const close = new Promise((resolve) => (closed = resolve));
const client = createClient({
  url: url.replace("http", "ws"),
  webSocketImpl: WebSocket,
  lazy: false,
  keepAlive: 100,
  retryAttempts: 0,
  connectionParams: { authorization: "Bearer of.no.use" },
  on: { pong: (received) => received && ponged(), closed },
});

async function first(payload) {
  for await (const result of client.iterate(payload)) return result;
}

// A query, a mutation and a refusal.
assert.deepEqual(await first({ query: "{ __typename }" }), { data: { __typename: "Query" } });
const create = "mutation($input: InventoryCreateInput!) { inventoryCreate(input: $input) { userErrors { code } } }";
const input = { skuId: "1001", merchantId: "1", quantity: 100, idempotencyKey: "create" };
const created = await first({ query: create, variables: { input } });
assert.deepEqual(created.data.inventoryCreate.userErrors, [], JSON.stringify(created));
await assert.rejects(first({ query: "{ nothing }" }), (errors) => {
  assert.equal(errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
  return true;
});

// As many events as there are changes, in their order.
const query = `subscription { inventoryChanged(skuIds: ["1001"]) { leavedAmount } }`;
const flows = "subscription { inventoryFlowAppended { cursor node { sequence } } }";
const [stock, events] = [client.iterate({ query }), client.iterate({ query: flows })];
assert.equal((await stock.next()).value.data.inventoryChanged.leavedAmount, 100);
const deduct = "mutation($input: InventoryDeductInput!) { inventoryDeduct(input: $input) { userErrors { code } } }";
// A subscription listens from when it has begun, which nobody is told: the first entry may come before.
let seen = 0;
let number = 0;
const next = events.next();
const begun = next.then(({ value }) => (seen = Number(value.data.inventoryFlowAppended.node.sequence)));
while (!seen) {
  number += 1;
  const input = { skuId: "1001", orderDetailId: `o ${number}`, quantity: 1, idempotencyKey: `k ${number}` };
  await post(deduct, { input });
  await Promise.race([begun, new Promise((resolve) => setTimeout(resolve, 20))]);
}
for (let more = 0; more < EVENTS; more++) {
  number += 1;
  const input = { skuId: "1001", orderDetailId: `o ${number}`, quantity: 1, idempotencyKey: `k ${number}` };
  await post(deduct, { input });
}
// The opening is the first entry of a SKU.
for (let sequence = seen + 1; sequence <= number + 1; sequence++) {
  const { value } = await events.next();
  assert.equal(Number(value.data.inventoryFlowAppended.node.sequence), sequence);
}
let left;
do left = (await stock.next()).value.data.inventoryChanged.leavedAmount;
while (left !== 100 - number);
await events.return();
await stock.return();

await pong;
await client.dispose();
const { code, wasClean } = await close;
assert.deepEqual({ code, wasClean }, { code: 1000, wasClean: true });
console.log("ok");
