/**
 * GraphiQL in a real browser against a real server: STOCKFLOW_URL names the server, SCREENSHOT a file
 * for a picture of the page (the dark theme's gets `-dark` into its name).
 */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";

import { AxeBuilder } from "@axe-core/playwright";

import { launch, Visitor } from "./browser.js";

const { STOCKFLOW_URL, SCREENSHOT } = process.env;
assert.ok(STOCKFLOW_URL, "STOCKFLOW_URL has to name a running server, as http://127.0.0.1:8080");
const origin = new URL(STOCKFLOW_URL).origin;

/** The first visit compiles some megabytes of script, on whatever machine this is. */
const WAIT_MS = 60_000;
const TABS = [
  "CreateSku",
  "CheckAvailability",
  "Deduct",
  "DeductCart",
  "Refund",
  "History",
  "LookUpOperation",
  "AsOf",
  "ProveAmount",
  "Reconcile",
  "VerifyChain",
  "Seals",
  "Summary",
  "Explain",
  "OrderTrails",
  "Refusals",
  "SoldOut",
  "Anomalies",
  "StartCount",
  "RecordCount",
  "ReviewCount",
  "CompleteCount",
  "DeductMany",
  "ReplenishMany",
  "FollowEntries",
  "FollowStock",
];

let browser;
let visitor;
let page;

before(async () => {
  browser = await launch();
});
after(() => browser?.close());

beforeEach(async () => {
  visitor = await Visitor.come(browser, origin, { waitMs: WAIT_MS });
  page = visitor.page;
  await open();
});

afterEach(() => visitor?.leave());

async function open() {
  const response = await page.goto(origin);
  assert.equal(response.status(), 200);
  await ready();
}

/** GraphiQL has loaded its editors and the schema. */
async function ready() {
  // Monaco draws plain text first, and colours it once the language has been loaded.
  await page.locator(".graphiql-query-editor .mtk1 ~ :not(.mtk1)").first().waitFor();
  await page.waitForFunction(() => globalThis.__MONACO.editor.getModels().length >= 4);
}

/** The text of one of GraphiQL's editors: operation.graphql, variables.json or response.json. */
function text(name) {
  return page.evaluate(modelText, name);
}

function modelText(name) {
  const models = globalThis.__MONACO.editor.getModels();
  return models.find((model) => model.uri.path.endsWith(name))?.getValue() ?? "";
}

async function variables() {
  return JSON.parse(await text("variables.json"));
}

/** The tab of an operation. Its accessible name is no help: it has that of its close button too. */
function tab(name) {
  return page.getByRole("tab").filter({ has: page.getByText(name, { exact: true }) });
}

async function show(name) {
  await tab(name).getByText(name, { exact: true }).click();
  await tab(name).and(page.locator('[aria-selected="true"]')).waitFor();
  await page.waitForFunction(
    (name) => {
      const models = globalThis.__MONACO.editor.getModels();
      const operation = models.find((model) => model.uri.path.endsWith("operation.graphql"));
      return new RegExp(`\\b${name}\\b`).test(operation?.getValue() ?? "");
    },
    name,
  );
}

/** Runs what is in the editor; returns the `data` of the answer, as the result pane shows it. */
async function run() {
  const [response] = await Promise.all([
    page.waitForResponse((response) => response.url() === `${origin}/graphql`),
    page.getByRole("button", { name: /execute/i }).click(),
  ]);
  const answer = await response.json();
  await page.waitForFunction((expected) => {
    const models = globalThis.__MONACO.editor.getModels();
    const shown = models.find((model) => model.uri.path.endsWith("response.json"))?.getValue();
    try {
      return JSON.stringify(JSON.parse(shown)) === expected;
    } catch {
      return false;
    }
  }, JSON.stringify(answer));
  const shown = JSON.parse(await text("response.json"));
  assert.equal(shown.errors, undefined, JSON.stringify(shown.errors));
  return shown.data;
}

async function runTab(name) {
  await show(name);
  return run();
}

test("the examples run in order, and a second run replays", async () => {
  assert.equal(await page.title(), "stockflow");
  assert.equal(await page.getByRole("link", { name: "Console" }).getAttribute("href"), "/console");
  assert.deepEqual(await page.getByRole("tab").allInnerTexts(), TABS);

  await show("CreateSku");
  const { skuId, quantity } = (await variables()).input;
  const { inventoryCreate: created } = await run();
  assert.deepEqual(created.userErrors, []);
  assert.equal(created.replayed, false);
  assert.equal(created.inventory.skuId, skuId);
  assert.equal(created.inventory.leavedAmount, quantity);
  assert.equal((await run()).inventoryCreate.replayed, true);

  const { inventoryAvailability: check } = await runTab("CheckAvailability");
  assert.equal(check.available, true);
  assert.equal(check.lines[0].leavedAmount, quantity);

  await show("Deduct");
  const deducted = (await variables()).input.quantity;
  const { inventoryDeduct: deduction } = await run();
  assert.deepEqual(deduction.userErrors, []);
  assert.equal(deduction.flow.quantityTrade, deducted);
  assert.equal(deduction.inventory.leavedAmount, quantity - deducted);

  const { inventoryDeductBatch: cart } = await runTab("DeductCart");
  assert.deepEqual(cart.userErrors, []);
  assert.equal(cart.flows.length, 2);
  const inCart = cart.flows.reduce((sum, flow) => sum + flow.quantityTrade, 0);

  await show("Refund");
  await page.waitForFunction(
    (flowId) => {
      const models = globalThis.__MONACO.editor.getModels();
      const shown = models.find((model) => model.uri.path.endsWith("variables.json"))?.getValue();
      return shown.includes(`"flowId": ${JSON.stringify(flowId)}`);
    },
    deduction.flow.id,
  );
  const refunded = (await variables()).input.quantity;
  const { inventoryRefund: refund } = await run();
  assert.deepEqual(refund.userErrors, []);
  assert.equal(refund.flow.quantityTrade, -refunded);
  assert.equal(refund.flow.deduction.id, deduction.flow.id);
  assert.equal(refund.flow.deduction.refundableQuantity, deducted - refunded);

  const { inventoryFlows: history } = await runTab("History");
  assert.equal(history.nodes.length, 5);
  assert.equal(history.nodes[0].inventory.leavedAmount, quantity - deducted - inCart + refunded);
  const inHistory = history.nodes.find((flow) => flow.id === deduction.flow.id);
  assert.equal(inHistory.refundableQuantity, deducted - refunded);
  assert.deepEqual(inHistory.refunds.map((flow) => flow.id), [refund.flow.id]);
  if (SCREENSHOT) await screenshot();

  const { inventoryOperation: operation } = await runTab("LookUpOperation");
  assert.deepEqual(operation.flows.map((flow) => flow.id), [deduction.flow.id]);

  const left = history.nodes[0].inventory.leavedAmount;
  const { inventory: now, inventories: then } = await runTab("AsOf");
  assert.equal(now.leavedAmount, left);
  assert.equal(now.asOf, null, "when the page was opened the SKU was not on the books");
  assert.ok(then.nodes.every((node) => node.skuId !== skuId));
  const { inventory: proved } = await runTab("ProveAmount");
  assert.equal(proved.proof.agrees, true);
  assert.equal(proved.proof.leavedAmount, String(left));
  assert.equal(proved.proof.lastFlow.hash, proved.chainHead);
  const { inventoryReconciliation: reconciled } = await runTab("Reconcile");
  assert.deepEqual(reconciled.nodes.map((node) => [node.skuId, node.agrees]), [[skuId, true]]);
  const { inventoryVerify: verified } = await runTab("VerifyChain");
  assert.deepEqual([verified.agrees, verified.entryCount], [true, "5"]);
  assert.equal(verified.head, proved.chainHead);
  const { inventorySeals: seals } = await runTab("Seals");
  assert.deepEqual([seals.totalCount, seals.nodes], ["0", []]);

  const { inventoryFlowSummary: sums } = await runTab("Summary");
  assert.ok(sums.nodes.length > 0, JSON.stringify(sums));
  const { inventoryExplain: explained } = await runTab("Explain");
  assert.equal(explained.agrees, true);
  const { inventoryOrderTrails: trails } = await runTab("OrderTrails");
  assert.equal(trails.length, 3);

  const { inventoryCountStart: started } = await runTab("StartCount");
  assert.deepEqual(started.userErrors, []);
  const { inventoryCountRecord: recorded } = await runTab("RecordCount");
  assert.deepEqual(recorded.userErrors, []);
  const { inventoryCount: reviewed } = await runTab("ReviewCount");
  assert.equal(reviewed.lines.nodes[0].variance, recorded.observations[0].quantity - left);
  const { inventoryCountComplete: completed } = await runTab("CompleteCount");
  assert.equal(completed.count.status, "COMPLETED");
  assert.equal(completed.count.lines.nodes[0].quantityAfter, recorded.observations[0].quantity);

  const { inventoryRefusals: refusals } = await runTab("Refusals");
  assert.deepEqual(refusals.nodes, []);
  const { inventorySoldOutSpans: times } = await runTab("SoldOut");
  assert.deepEqual([times.nodes, times.pageInfo.hasNextPage], [[], false]);
  const { inventoryDeductMany: taken } = await runTab("DeductMany");
  assert.deepEqual(taken.results.map((line) => line.outcome), ["WRITTEN", "REFUSED", "WRITTEN"]);
  const { inventoryReplenishMany: added } = await runTab("ReplenishMany");
  assert.deepEqual(added.results.map((line) => line.outcome), ["WRITTEN"]);
  const { inventoryAnomalies: unusual } = await runTab("Anomalies");
  assert.deepEqual([unusual.nodes, unusual.pageInfo.hasNextPage], [[], false]);
});

test("subscriptions show entries and amounts as they come", async () => {
  await show("CreateSku");
  const { skuId, quantity } = (await variables()).input;
  await run();

  const execute = page.getByRole("button", { name: /execute/i });
  const shows = (part) => page.waitForFunction(isShown, part);
  await show("FollowStock");
  await execute.click();
  await shows(`"leavedAmount": ${quantity}`);
  await sell(skuId, "one");
  await shows(`"leavedAmount": ${quantity - 1}`);
  await page.getByRole("button", { name: /stop/i }).click();

  await show("FollowEntries");
  await execute.click();
  // Nothing tells when the server has begun to follow, so that more is sold until it is seen.
  let left = quantity - 1;
  do {
    left -= 1;
    await sell(skuId, String(left));
  } while (!(await page.evaluate(isShown, '"kind": "DEDUCTION"')));
  await sell(skuId, "last");
  await shows(`"quantityAfter": ${left - 1}`);
  await page.getByRole("button", { name: /stop/i }).click();
});

function isShown(part) {
  const models = globalThis.__MONACO.editor.getModels();
  const shown = models.find((model) => model.uri.path.endsWith("response.json"))?.getValue() ?? "";
  return shown.includes(part);
}

async function sell(skuId, name) {
  const query = `mutation { inventoryDeduct(input: {skuId: "${skuId}", quantity: 1,
    orderDetailId: "${skuId}-${name}", idempotencyKey: "${skuId}-${name}"}) { userErrors { code } } }`;
  const response = await fetch(`${origin}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  assert.deepEqual((await response.json()).data.inventoryDeduct.userErrors, []);
}

async function screenshot() {
  await page.screenshot({ path: SCREENSHOT });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.locator(".graphiql-query-editor .monaco-editor.vs-dark").first().waitFor();
  await page.screenshot({ path: SCREENSHOT.replace(/(\.\w+)?$/, "-dark$1") });
}

test("a typed query runs", async () => {
  await page.getByRole("button", { name: /new tab/i }).click();
  await page.waitForFunction(
    (count) => document.querySelectorAll('[role="tab"]').length === count,
    TABS.length + 1,
  );
  await page.locator(".graphiql-query-editor .view-lines").click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.insertText("query Typed { __typename }");
  await tab("Typed").waitFor();
  assert.deepEqual(await run(), { __typename: "Query" });
});

test("a returning visitor keeps their tabs, and the examples get new keys", async () => {
  await show("Deduct");
  const first = (await variables()).input;
  await show("CreateSku");
  await tab("CheckAvailability").hover();
  await tab("CheckAvailability").getByRole("button", { name: /close/i }).click();
  await tab("CheckAvailability").waitFor({ state: "detached" });
  // GraphiQL writes down its tabs a moment after they have changed.
  await page.waitForFunction((count) => {
    const stored = JSON.parse(localStorage.getItem("graphiql:tabState") ?? "{}");
    return stored.tabs?.length === count;
  }, TABS.length - 1);

  await page.reload();
  await ready();
  const kept = TABS.filter((name) => name !== "CheckAvailability");
  assert.deepEqual(await page.getByRole("tab").allInnerTexts(), kept);
  const created = (await variables()).input;
  await show("Deduct");
  const second = (await variables()).input;
  assert.notEqual(second.idempotencyKey, first.idempotencyKey);
  assert.notEqual(second.skuId, first.skuId);
  assert.equal(second.skuId, created.skuId);
});

for (const colorScheme of ["light", "dark"]) {
  test(`the ${colorScheme} page is accessible`, async () => {
    await page.emulateMedia({ colorScheme });
    await page.reload();
    await ready();
    // GraphiQL's tabs contain their close buttons, which only GraphiQL can change.
    const axe = new AxeBuilder({ page }).disableRules("nested-interactive");
    const { violations } = await axe.analyze();
    const found = violations.flatMap(({ id, impact, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${impact} ${id}: ${html} ${failureSummary}`),
    );
    assert.deepEqual(found, []);
  });
}
