/** What the tests of stocktakes share: a shop with five SKUs, counts of them, and what was recorded. */
export const SKUS = ["1001", "1002", "1003", "1004", "1005"];

/** Puts the five SKUs on the books of an empty server, 10 units of each. */
export async function openShop(server, token) {
  for (const skuId of SKUS) await server.create(skuId, 10, token);
}

let counts = 0;

/** Starts a count as another client would, and answers its id. */
export async function start(server, { token, skuIds = SKUS, ...input } = {}) {
  counts += 1;
  const { inventoryCountStart } = await server.ask(
    "mutation ($input: InventoryCountStartInput!) { inventoryCountStart(input: $input) { count { id } userErrors { code } } }",
    { input: { skuIds, idempotencyKey: `start-${counts}`, ...input } },
    token,
  );
  return inventoryCountStart.count.id;
}

/** Records, as another person's client would. */
export function record(server, countId, skuId, quantity, token, version = undefined) {
  counts += 1;
  const line = { skuId, quantity, version, idempotencyKey: `record-${counts}` };
  return server.ask(
    "mutation ($input: InventoryCountRecordInput!) { inventoryCountRecord(input: $input) { userErrors { code } } }",
    { input: { countId, lines: [line] } },
    token,
  );
}

/** A count as the API has it: its status, and of each SKU what was counted, how often, and the rest. */
export async function countOf(server, id, token) {
  const { inventoryCount } = await server.ask(
    `query ($id: ID!) { inventoryCount(id: $id) { id status revision blind reason
      lines { nodes { skuId quantity countedVersion observationCount variance quantityAfter } }
      observations { nodes { skuId quantity version idempotencyKey } } } }`,
    { id },
    token,
  );
  const lines = new Map(inventoryCount.lines.nodes.map((line) => [line.skuId, line]));
  return { ...inventoryCount, lines, observations: inventoryCount.observations.nodes };
}

/** What is left of a SKU. */
export async function amount(server, skuId, token) {
  const query = "query ($skuId: ID!) { inventory(skuId: $skuId, consistency: PRIMARY) { leavedAmount } }";
  return (await server.ask(query, { skuId }, token)).inventory.leavedAmount;
}

/** Scans, as a scanner does: the digits and Enter, wherever the focus is. */
export async function scan(page, ...codes) {
  for (const code of codes) await page.keyboard.type(`${code}\n`);
}

/** The figure of the SKU that is counted now. */
export async function shows(page, skuId, quantity) {
  await page.getByRole("status").getByText(`SKU ${skuId}: ${quantity}`, { exact: true }).waitFor();
}

/** Goes to where a count is counted, and waits until it takes scans. */
export async function count(page, origin, id) {
  await page.goto(`${origin}/console/counts/${id}?mode=count`);
  await page.getByText("Ready to scan").waitFor();
}

export function allRecorded(page) {
  return page.getByText("All is recorded").waitFor();
}
