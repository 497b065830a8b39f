/** What is shown moves as sales happen, whatever becomes of a subscription, its socket or an answer. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launch, Visitor } from "../browser.js";
import { Server } from "../server.js";

describe("live updates", () => {
  let browser, server;
  let orders = 0;
  before(async () => {
    browser = await launch();
    server = await Server.start();
    for (let skuId = 1001; skuId <= 1060; skuId += 1) await server.create(String(skuId), 40);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const sell = (skuId, orderDetailId = `order-live-${(orders += 1)}`) =>
    server.deduct(skuId, 1, orderDetailId);
  const left = (page, skuId) =>
    page.getByRole("row").filter({ has: page.getByRole("link", { name: skuId, exact: true }) });
  const live = (page) => page.getByText("Live", { exact: true }).waitFor();
  const amount = async (skuId) => {
    const query = `{ inventory(skuId: ${skuId}, consistency: PRIMARY) { leavedAmount } }`;
    return String((await server.ask(query)).inventory.leavedAmount);
  };
  /** A visitor whose sockets the test has in its hands. */
  const visit = async (path, use, expected = []) => {
    const visitor = await Visitor.come(browser, server.origin);
    const { page } = visitor;
    const sockets = [];
    await page.routeWebSocket("**/graphql", (socket) => {
      const upstream = socket.connectToServer();
      const line = { socket, upstream, dead: false, ids: [] };
      sockets.push(line);
      socket.onMessage((message) => {
        const { type, id } = JSON.parse(message);
        if (type === "subscribe") line.ids.push(id);
        if (!line.dead) upstream.send(message);
      });
      upstream.onMessage((message) => {
        if (!line.dead) socket.send(message);
      });
    });
    await page.goto(`${server.origin}/console${path}`);
    await use(page, sockets);
    await visitor.leave(expected);
  };
  /** Holds the answers of an operation, as they were when it was asked. */
  const hold = async (page, operation, isHeld = () => true) => {
    let answered, release;
    const asked = new Promise((resolve) => (answered = resolve));
    const go = new Promise((resolve) => (release = resolve));
    await page.route("**/graphql", async (route) => {
      const body = route.request().postData() ?? "";
      if (!body.includes(`query ${operation}(`) || !isHeld(body)) return route.fallback();
      const response = await route.fetch();
      answered();
      await go;
      return route.fulfill({ response });
    });
    return { asked, release };
  };

  test("a page that was asked for before a sale does not take the sale back", async () => {
    await visit("/stock", async (page) => {
      await left(page, "1001").waitFor();
      await live(page);
      const held = await hold(page, "ConsoleStocks");
      await page.getByRole("button", { name: "Show more" }).click();
      await held.asked;
      await sell("1001");
      const now = await amount("1001");
      await left(page, "1001").getByText(now, { exact: true }).waitFor();
      held.release();
      await left(page, "1060").waitFor();
      assert.ok(await left(page, "1001").getByText(now, { exact: true }).isVisible());
    });
  });

  test("a page of the history that was asked for before a sale does not take the sale back", async () => {
    await visit("/audit/history", async (page) => {
      await page.getByRole("button", { name: "Show more" }).waitFor();
      await live(page);
      const held = await hold(page, "ConsoleHistory");
      await page.getByRole("button", { name: "Show more" }).click();
      await held.asked;
      await sell("1002", "order-history-live");
      await page.getByText("order-history-live").first().waitFor();
      held.release();
      await page.getByRole("link", { name: "1001", exact: true }).first().waitFor();
      assert.ok(await page.getByText("order-history-live").first().isVisible());
    });
  });

  test("a subscription that fails is begun anew, and the page is not live until then", async () => {
    await visit("/stock?find=1003", async (page, sockets) => {
      await live(page);
      const [{ socket, ids }] = sockets;
      const extensions = { code: "UNAVAILABLE", retryable: true };
      const payload = [{ message: "subscribe again", extensions }];
      socket.send(JSON.stringify({ id: ids.at(-1), type: "error", payload }));
      await page.getByText("Connection lost").waitFor();
      await live(page);
      await sell("1003");
      await left(page, "1003").getByText(await amount("1003"), { exact: true }).waitFor();
    });
  });

  test("a socket that the server gives up is opened anew", async () => {
    await visit("/stock?find=1004", async (page, sockets) => {
      await live(page);
      await sockets[0].socket.close({ code: 1011, reason: "internal error" });
      await page.getByText("Connection lost").waitFor();
      await live(page);
      await sell("1004");
      await left(page, "1004").getByText(await amount("1004"), { exact: true }).waitFor();
    });
  });

  test("a socket that does not answer is found out when the network comes back", async () => {
    await visit("/stock?find=1005", async (page, sockets) => {
      await live(page);
      sockets[0].dead = true;
      await sell("1005");
      await page.evaluate(() => dispatchEvent(new Event("online")));
      await left(page, "1005").getByText(await amount("1005"), { exact: true }).waitFor();
      await live(page);
    });
  });

  test("what is written for an order while the network is away is shown when it is back", async () => {
    await sell("1006", "order-away");
    await visit("/order/order-away", async (page, sockets) => {
      await page.getByRole("link", { name: "1006", exact: true }).first().waitFor();
      await live(page);
      sockets[0].dead = true;
      await sell("1007", "order-away");
      await page.evaluate(() => dispatchEvent(new Event("online")));
      await page.getByRole("link", { name: "1007", exact: true }).first().waitFor();
    });
  });
});
