/** Changes whose answer is lost: they are carried out once, however the visitor tries again. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { launch, Visitor } from "../browser.js";
import { Server } from "../server.js";
import { look } from "./look.js";

describe("a change whose answer is lost", () => {
  let browser, server;
  let skuId = 1000;
  before(async () => {
    browser = await launch();
    server = await Server.start();
  });
  beforeEach(async () => {
    skuId += 1;
    await server.create(String(skuId), 40);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const amount = async () => {
    const query = `{ inventory(skuId: ${skuId}, consistency: PRIMARY) { leavedAmount } }`;
    return (await server.ask(query)).inventory.leavedAmount;
  };
  const replenish = async (page, units) => {
    await page.getByRole("button", { name: `Replenish SKU ${skuId}` }).click();
    await page.getByLabel("Units that came in").fill(String(units));
    await page.getByRole("button", { name: "Check" }).click();
  };
  const confirm = (page) => page.getByRole("button", { name: "Confirm" });
  /** A visitor who has sent 24 units, of which the server has told nobody. */
  const visit = async (use) => {
    const visitor = await Visitor.come(browser, server.origin);
    const { page } = visitor;
    await page.goto(`${server.origin}/console/stock?find=${skuId}`);
    await page.route("**/graphql", async (route) => {
      if (!route.request().postData()?.includes("ConsoleReplenish")) return route.fallback();
      await route.fetch();
      return route.abort("connectionreset");
    });
    await replenish(page, 24);
    await confirm(page).click();
    await page.getByRole("heading", { name: "The server cannot be reached" }).waitFor();
    await page.unroute("**/graphql");
    assert.equal(await amount(), 64);
    await use(page);
    await visitor.leave([/ERR_CONNECTION_RESET/]);
  };

  test("is the same change after a look at its fields", async () => {
    await visit(async (page) => {
      await page.getByRole("button", { name: "Change it" }).click();
      await page.getByRole("button", { name: "Check" }).click();
      await page.getByText("It is sent as the same change").waitFor();
      await look(page, "change-same");
      await confirm(page).click();
      await page.getByText("This had been carried out already").waitFor();
      assert.equal(await amount(), 64);
    });
  });

  test("is the same change in a dialog that is opened anew, and after the page is loaded again", async () => {
    await visit(async (page) => {
      await page.keyboard.press("Escape");
      await page.reload();
      await replenish(page, 24);
      await confirm(page).click();
      await page.getByText("This had been carried out already").waitFor();
      assert.equal(await amount(), 64);
      await replenish(page, 24);
      await confirm(page).click();
      await page.getByText(`SKU ${skuId} has 88 now.`).waitFor();
    });
  });

  test("is told of before another one is sent", async () => {
    await visit(async (page) => {
      await page.getByRole("button", { name: "Change it" }).click();
      await page.getByLabel("Units that came in").fill("6");
      await page.getByRole("button", { name: "Check" }).click();
      await page.getByText("it may have been carried out").waitFor();
      assert.ok(await confirm(page).isDisabled());
      await look(page, "change-other");
      await page.setViewportSize({ width: 390, height: 844 });
      await look(page, "change-other-phone");
      await page.getByLabel("I have looked").check();
      await confirm(page).click();
      await page.getByText(`SKU ${skuId} has 70 now.`).waitFor();
    });
  });

  test("cannot be left while it is sent", async () => {
    const visitor = await Visitor.come(browser, server.origin);
    const { page } = visitor;
    await page.goto(`${server.origin}/console/stock?find=${skuId}`);
    const held = promise();
    const go = promise();
    await page.route("**/graphql", async (route) => {
      if (!route.request().postData()?.includes("ConsoleReplenish")) return route.fallback();
      held.keep();
      await go.kept;
      return route.continue();
    });
    await replenish(page, 24);
    await confirm(page).click();
    await held.kept;
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    assert.ok(await page.getByRole("button", { name: "Cancel" }).isDisabled());
    go.keep();
    await page.getByText(`SKU ${skuId} has 64 now.`).waitFor();
    await visitor.leave();
  });
});

/** A promise, and how to keep it. */
function promise() {
  let keep;
  const kept = new Promise((resolve) => (keep = resolve));
  return { kept, keep };
}
