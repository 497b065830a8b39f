/** The stock view: finding SKUs, changing what is left of them, and seeing what others sell. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launch, Visitor } from "../browser.js";
import { Server } from "../server.js";
import { look } from "./look.js";

const isFocused = (element) => element === document.activeElement;

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
      await page.getByText("+20").waitFor();
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
      // Whoever has read it decides anew, knowing what is there.
      await page.getByRole("button", { name: "Take the present amount, 39" }).click();
      await page.getByText("The amount is 39 by now, not 40.").waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Confirm" }).click();
      await page.getByText("SKU 1001 is set to 38.").waitFor();
      assert.ok(await row(page, "1001").getByRole("button", { name: "Set the amount" }).evaluate(isFocused));
    });
  });

  test("a dialog gives the focus back to what has opened it, however it is closed", async () => {
    await visit("/stock?find=1001", async (page) => {
      const opener = row(page, "1001").getByRole("button", { name: "Replenish" });
      const dialog = page.getByRole("dialog", { name: "Replenish SKU 1001" });
      for (const leave of [
        () => page.keyboard.press("Escape"),
        () => dialog.getByRole("button", { name: "Cancel" }).click(),
        () => dialog.getByRole("button", { name: "Close" }).click(),
      ]) {
        await opener.click();
        await dialog.waitFor();
        await leave();
        await dialog.waitFor({ state: "detached" });
        assert.ok(await opener.evaluate(isFocused));
      }
    });
  });

  test("what is low is taken once it is typed to its end", async () => {
    await visit("/stock?show=low", async (page) => {
      const field = page.getByLabel("Low means up to");
      await field.fill("50");
      assert.ok(!page.url().includes("low=5"));
      await field.press("Enter");
      await page.waitForURL(/low=50/);
      await field.fill("nonsense");
      await field.blur();
      assert.equal(await field.inputValue(), "50");
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

  test("a lost server is told of, and what was sold meanwhile is shown when it is back", async () => {
    await visit("/stock?find=1001", async (page, visitor) => {
      await page.getByText("Live", { exact: true }).waitFor();
      await server.kill();
      await page.getByText("Connection lost. Amounts may be old").waitFor();
      await server.run();
      await server.deduct("1001", 4, "order-while-away");
      const { inventory } = await server.ask("{ inventory(skuId: 1001, consistency: PRIMARY) { leavedAmount } }");
      await page.getByText("Live", { exact: true }).waitFor();
      await row(page, "1001").getByText(String(inventory.leavedAmount), { exact: true }).waitFor();
      visitor.complaints = visitor.complaints.filter((it) => !/WebSocket|ERR_CONNECTION/.test(it));
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

describe("stock of a server that knows its callers", () => {
  let browser, server;
  before(async () => {
    browser = await launch();
    server = await Server.start({ apiKeys: true });
    await server.create("1001", 40, await server.token("stock:manage"));
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  test("a visitor says who they are, and is told what their token lacks", async () => {
    const visitor = await Visitor.come(browser, server.origin);
    const { page } = visitor;
    const enter = async (token) => {
      await page.getByRole("button", { name: "Enter a token" }).click();
      await page.getByLabel("Token", { exact: true }).fill(token);
      await page.keyboard.press("Enter");
    };
    await page.goto(`${server.origin}/console/stock`);
    await page.getByRole("heading", { name: "Say who you are" }).waitFor();
    await look(page, "stock-unauthenticated");
    await enter(await server.token("audit:read"));
    await page.getByText("It needs the scope stock:read.").waitFor();
    await look(page, "stock-forbidden");
    await enter(await server.token("stock:read"));
    await page.getByRole("link", { name: "1001", exact: true }).waitFor();
    await page.getByRole("button", { name: "Replenish SKU 1001" }).click();
    await page.getByLabel("Units that came in").fill("5");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByText("It needs the scope stock:manage.").waitFor();
    await look(page, "stock-replenish-forbidden");
    await visitor.leave([/401/, /403/]);
  });
});
