/** What goes wrong while there is something to see: it is told of, and the rest stays. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launch, Visitor } from "../browser.js";
import { Server } from "../server.js";
import { look } from "./look.js";

describe("failures", () => {
  let browser, server;
  before(async () => {
    browser = await launch();
    server = await Server.start();
    for (let skuId = 1001; skuId <= 1060; skuId += 1) await server.create(String(skuId), 40);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const visit = async (path, use, expected = []) => {
    const visitor = await Visitor.come(browser, server.origin);
    await visitor.page.goto(`${server.origin}/console${path}`);
    await use(visitor.page);
    await visitor.leave(expected);
  };
  const reloaded = (page) =>
    page.waitForFunction(() => performance.getEntriesByType("navigation")[0].type === "reload");
  const link = (page, name) => page.getByRole("link", { name, exact: true });

  test("a next page that cannot be had is told of above the list, and can be asked for again", async () => {
    await visit(
      "/stock",
      async (page) => {
        await link(page, "1001").waitFor();
        await page.route("**/graphql", (route) => route.abort("connectionreset"));
        await page.getByRole("button", { name: "Show more" }).click();
        await page.getByRole("heading", { name: "The server cannot be reached" }).waitFor();
        assert.ok(await link(page, "1001").isVisible());
        await look(page, "outdated");
        await page.setViewportSize({ width: 390, height: 844 });
        await look(page, "outdated-phone");
        await page.unroute("**/graphql");
        await page.getByRole("button", { name: "Try again" }).click();
        await link(page, "1060").waitFor();
        assert.equal(await page.getByRole("alert").count(), 0);
      },
      [/ERR_CONNECTION_RESET/],
    );
  });

  test("a view whose script is gone is there after the page has loaded itself again", async () => {
    await visit(
      "/stock",
      async (page) => {
        await link(page, "1001").waitFor();
        // Only the page as it was loaded at first asks for a script that is gone.
        let isGone = true;
        page.on("request", (request) => {
          if (request.isNavigationRequest()) isGone = false;
        });
        await page.route("**/assets/order-page*.js", (route) =>
          isGone ? route.fulfill({ status: 404 }) : route.fallback(),
        );
        await page.getByRole("link", { name: "Orders", exact: true }).click();
        await reloaded(page);
        await page.getByRole("heading", { level: 1, name: "Orders" }).waitFor();
      },
      [/404/, /dynamically imported module/],
    );
  });

  test("a view whose script stays away leaves the rest of the page, and says what to do", async () => {
    await visit(
      "/stock",
      async (page) => {
        await link(page, "1001").waitFor();
        await page.route("**/assets/order-page*.js", (route) => route.fulfill({ status: 404 }));
        await page.getByRole("link", { name: "Orders", exact: true }).click();
        await page.waitForURL(/\/order$/);
        await reloaded(page);
        await page.getByRole("heading", { name: "This page does not work right now" }).waitFor();
        await look(page, "broken");
        await page.getByRole("link", { name: "Stock", exact: true }).click();
        await link(page, "1001").waitFor();
      },
      [/404/, /dynamically imported module/],
    );
  });

  test("an instant that is being typed stands while sales move the range", async () => {
    await visit("/sku/1002", async (page) => {
      const to = page.getByRole("region", { name: "What explains the change" }).getByLabel("To");
      await page.getByText("Live", { exact: true }).waitFor();
      await to.fill("2031-05-06T07:08:09");
      await server.deduct("1002", 1, "order-while-typing");
      await page.getByText("order-while-typing").first().waitFor();
      assert.equal(await to.inputValue(), "2031-05-06T07:08:09");
    });
  });
});
