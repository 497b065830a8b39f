/** The view of orders: what was taken for an order line, what came back, and giving back more of it. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launch, Visitor } from "../browser.js";
import { Server } from "../server.js";
import { look } from "./look.js";

const REFUSED = [/^403: /, /^console: Failed to load resource/, /WebSocket/];
/** What other systems may call an order line. */
const HOSTILE = '50%25/<b>#?&"';

describe("order", () => {
  let browser, server;
  before(async () => {
    browser = await launch();
    server = await Server.start({ demo: true });
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const visit = async (at, use, { to = server, expected, ...options } = {}) => {
    const visitor = await Visitor.come(browser, to.origin, options);
    await visitor.page.goto(`${to.origin}/console/order${at}`);
    await use(visitor.page, visitor);
    await visitor.leave(expected);
  };
  const figure = (page, label) =>
    page.locator(".figures div", { hasText: label }).first().locator("dd").textContent();
  /** An order line of the demo that was given back in part, or as a whole. */
  const refunded = async () => {
    const { inventoryFlows } = await server.ask(
      "{ inventoryFlows(first: 1, where: {kind: [REFUND]}) { nodes { id skuId orderDetailId } } }",
    );
    return inventoryFlows.nodes[0];
  };
  const trail = async (orderDetailId) => {
    const { inventoryOrderTrail } = await server.ask(
      "query ($id: String!) { inventoryOrderTrail(orderDetailId: $id) { deducted refunded refundable } }",
      { id: orderDetailId },
    );
    return inventoryOrderTrail;
  };

  test("a trail has the API's sums, and its refunds beneath their deductions", async () => {
    const refund = await refunded();
    const known = await trail(refund.orderDetailId);
    await visit("", async (page) => {
      await page.getByRole("searchbox").waitFor();
      await page.keyboard.press("/");
      await page.keyboard.type(`${refund.orderDetailId}\n`);
      await page.getByRole("heading", { name: refund.orderDetailId }).waitFor();
      assert.equal(await figure(page, "Taken"), known.deducted);
      assert.equal(await figure(page, "Refunded"), known.refunded);
      assert.equal(await figure(page, "Refundable"), known.refundable);
      const beneath = page.getByRole("list", { name: "Refunds" });
      await beneath.getByRole("link", { name: `#${refund.id}` }).click();
      await page.waitForURL(`**/console/sku/${refund.skuId}?flow=${refund.id}`);
    });
  });

  test("what was taken is given back in steps until nothing is left", async () => {
    await server.create("8001", 10);
    const sold = await server.deduct("8001", 3, "to-refund");
    await visit("/to-refund", async (page) => {
      for (const [units, left] of [
        ["1", "2"],
        ["2", "0"],
      ]) {
        await page.getByRole("button", { name: `Refund entry ${sold}` }).click();
        await page.getByRole("dialog").getByRole("textbox").first().fill(units);
        if (left === "2") await look(page, "order-refund");
        await page.keyboard.press("Enter");
        await page.getByRole("button", { name: "Confirm" }).click();
        await page.locator(".figures dd").nth(2).getByText(left, { exact: true }).waitFor();
      }
      await page.getByText("All refunded").waitFor();
      assert.equal(await page.getByRole("button", { name: /^Refund entry/ }).count(), 0);
      assert.equal(
        await page.getByRole("list", { name: "Refunds" }).getByRole("listitem").count(),
        2,
      );
    });
  });

  test("what others give back is seen without asking", async () => {
    await server.create("8003", 10);
    const flowId = await server.deduct("8003", 4, "seen-live");
    await visit("/seen-live", async (page) => {
      await page.getByText("Refundable: 4").waitFor();
      await page.getByText("Live", { exact: true }).waitFor();
      await server.ask(
        "mutation ($input: InventoryRefundInput!) { inventoryRefund(input: $input) { userErrors { code } } }",
        { input: { flowId, quantity: 3, idempotencyKey: "refund-seen-live" } },
      );
      await page.getByText("Refundable: 1").waitFor();
      assert.equal(await figure(page, "Refunded"), "3");
    });
  });

  test("an id may hold anything: it is found to the letter, and its address can be sent on", async () => {
    await server.create("8002", 10);
    await server.deduct("8002", 1, HOSTILE);
    await visit("", async (page) => {
      await page.getByRole("searchbox").fill(HOSTILE);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: HOSTILE }).waitFor();
      await page.reload();
      await page.getByRole("heading", { name: HOSTILE }).waitFor();
      await page.getByRole("link", { name: "8002" }).first().waitFor();
    });
  });

  test("several order lines are listed, and those that nothing was taken for are named", async () => {
    const { orderDetailId } = await refunded();
    await visit("", async (page) => {
      await page.getByRole("searchbox").fill(`${orderDetailId}, 5002-1, no-such-order`);
      await page.keyboard.press("Enter");
      await page.getByText("Nothing was ever taken for: no-such-order").waitFor();
      await page.getByRole("row").getByRole("link", { name: orderDetailId }).waitFor();
      await look(page, "orders");
      await page.reload();
      await page.getByRole("row").getByRole("link", { name: orderDetailId }).click();
      await page.getByRole("heading", { name: orderDetailId }).waitFor();
    });
  });

  test("an order line that is not known says so", async () => {
    await visit("/no-such-order", async (page) => {
      await page.getByText("Nothing was ever taken for this order line").waitFor();
      await look(page, "order-unknown");
    });
  });

  test("without audit:read the view says what is missing", async () => {
    const guarded = await Server.start({ apiKeys: true });
    try {
      const token = await guarded.token("stock:read");
      const visitor = await Visitor.come(browser, guarded.origin);
      await visitor.context.addInitScript(
        (value) => sessionStorage.setItem("stockflow:console:token", value),
        token,
      );
      await visitor.page.goto(`${guarded.origin}/console/order/any`);
      await visitor.page.getByText("It needs the scope audit:read.").waitFor();
      await visitor.leave(REFUSED);
    } finally {
      await guarded.stop();
    }
  });

  test("both themes and both languages can be read by all, and on a phone", async () => {
    const { orderDetailId } = await refunded();
    await visit(`/${orderDetailId}`, async (page) => {
      await page.getByRole("heading", { name: orderDetailId }).waitFor();
      await look(page, "order");
      await page.getByLabel("Language").selectOption("zh-CN");
      await look(page, "order-zh");
      await page.setViewportSize({ width: 390, height: 844 });
      await look(page, "order-phone");
    });
  });
});
