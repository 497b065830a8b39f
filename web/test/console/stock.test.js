/** The stock view: finding SKUs, changing what is left of them, and seeing what others sell. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launch, Visitor } from "../browser.js";
import { Server } from "../server.js";
import { look } from "./look.js";

describe("stock", () => {
  let browser, server;
  before(async () => {
    browser = await launch();
    server = await Server.start();
    for (const [skuId, quantity] of [[1001, 40], [1002, 5], [1003, 0], [2001, 700]]) {
      await server.create(String(skuId), quantity);
    }
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const visit = async (path, use, options) => {
    const visitor = await Visitor.come(browser, server.origin, options);
    await visitor.page.goto(`${server.origin}/console${path}`);
    await use(visitor.page, visitor);
    await visitor.leave();
  };
  const row = (page, skuId) =>
    page.getByRole("row").filter({ has: page.getByRole("link", { name: skuId, exact: true }) });
  const shown = (page) => page.getByRole("row").getByRole("link").allTextContents();

  test("SKUs are found by id, by range and by what is left, and the address keeps it", async () => {
    await visit("/stock", async (page) => {
      await row(page, "2001").waitFor();
      assert.deepEqual(await shown(page), ["1001", "1002", "1003", "2001"]);
      await page.keyboard.press("/");
      await page.keyboard.type("1001-1999\n");
      await row(page, "2001").waitFor({ state: "detached" });
      await page.getByText("Low", { exact: true }).first().click();
      await row(page, "1001").waitFor({ state: "detached" });
      assert.deepEqual(await shown(page), ["1002", "1003"]);
      await page.reload();
      await row(page, "1002").waitFor();
      assert.deepEqual(await shown(page), ["1002", "1003"]);
      await page.getByRole("searchbox").fill("shirt");
      await page.keyboard.press("Enter");
      await page.getByText("SKUs are whole numbers above 0").waitFor();
    });
  });

  test("units that came in are added once the visitor has seen before and after", async () => {
    await visit("/stock?find=1002", async (page) => {
      await row(page, "1002").getByRole("button", { name: "Replenish SKU 1002" }).click();
      await page.getByLabel("Units that came in").fill("seven");
      await page.keyboard.press("Enter");
      await page.getByText("A whole number from 1 to 1000000.").waitFor();
      await page.getByLabel("Units that came in").fill("20");
      await page.getByLabel("Reason").fill("delivery 17");
      await page.keyboard.press("Enter");
      await page.getByRole("dialog").getByText("25").waitFor();
      await page.keyboard.press("Enter");
      await page.getByText("SKU 1002 has 25 now.").waitFor();
      await row(page, "1002").getByText("25", { exact: true }).waitFor();
    });
  });

  test("what a count has found is refused when units were sold meanwhile", async () => {
    await visit("/stock?find=1001", async (page) => {
      await row(page, "1001").getByRole("button", { name: "Set the amount" }).click();
      await server.deduct("1001", 1, "order-while-counting");
      await page.getByLabel("Counted").fill("38");
      await page.getByLabel("Reason").fill("counted");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Confirm" }).click();
      await page.getByText("The amount is 39 by now, not 40.").waitFor();
    });
  });

  test("what one sells, another sees without asking", async () => {
    await visit("/stock?find=2001", async (page) => {
      await row(page, "2001").getByText("700", { exact: true }).waitFor();
      await page.getByText("Live", { exact: true }).waitFor();
      await server.deduct("2001", 3, "order-seen-live");
      await row(page, "2001").getByText("697", { exact: true }).waitFor();
    });
  });

  test("both themes and both languages can be read by all", async () => {
    await visit("/stock", async (page) => {
      await row(page, "2001").waitFor();
      await look(page, "stock");
      await page.getByLabel("Language").selectOption("zh-CN");
      await page.getByRole("heading", { name: "库存" }).waitFor();
      await look(page, "stock-zh");
      await page.setViewportSize({ width: 390, height: 844 });
      await look(page, "stock-phone");
    });
  });
});
