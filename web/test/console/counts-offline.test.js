/** Counting where there is no network, or a bad one: nothing is lost, and nothing is recorded twice. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launch, Visitor } from "../browser.js";
import { Server } from "../server.js";
import { look } from "./look.js";
import { allRecorded, count, countOf, openShop, scan, shows, SKUS, start } from "./stocktake.js";

/** What a browser says of requests that find no network. */
const NO_NETWORK = [/ERR_INTERNET_DISCONNECTED/, /ERR_FAILED/, /WebSocket/, /net::ERR/];
const PHONE = { viewport: { width: 390, height: 844 } };

describe("counting without a network", () => {
  let browser, server;
  before(async () => {
    browser = await launch();
    server = await Server.start();
    await openShop(server);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  test("five SKUs are counted offline, over a reload of the page, and recorded once each", async () => {
    const id = await start(server);
    const visitor = await Visitor.come(browser, server.origin, PHONE);
    const { page, context } = visitor;
    await count(page, server.origin, id);
    await page.getByText("Works without a network").waitFor();
    await context.setOffline(true);
    await scan(page, "1001", "1001", "1002", "1003");
    await shows(page, "1003", 1);
    await page.getByText("3 wait for the network").waitFor();
    await page.reload();
    await page.getByText("Ready to scan").waitFor();
    await page.getByText("3 wait for the network").waitFor();
    // It goes on from what was counted before.
    await scan(page, "1003");
    await shows(page, "1003", 2);
    await page.getByText("Counted before: 1. Scans add to it.").waitFor();
    await look(page, "counts-counting-phone-goes-on");
    await scan(page, "1004", "1005", "*17");
    await shows(page, "1005", 17);
    await page.getByText(/wait for the network/).waitFor();
    await look(page, "counts-counting-phone-offline");
    await context.setOffline(false);
    await allRecorded(page);
    const { lines, observations } = await countOf(server, id);
    assert.deepEqual(SKUS.map((skuId) => lines.get(skuId).quantity), [2, 1, 2, 1, 17]);
    const keys = observations.map((it) => it.idempotencyKey);
    assert.equal(new Set(keys).size, keys.length);
    await visitor.leave(NO_NETWORK);
  });

  test("what was sold before a shelf was counted offline is no variance, nor what was sold after", async () => {
    const id = await start(server, { skuIds: ["1001", "1002"] });
    const visitor = await Visitor.come(browser, server.origin);
    const { page, context } = visitor;
    await count(page, server.origin, id);
    await context.setOffline(true);
    // The shelf has 10; the phone does not hear of these two.
    await server.deduct("1001", 2, "sold-before-the-count");
    await scan(page, "1001", "*8");
    await shows(page, "1001", 8);
    await server.deduct("1001", 3, "sold-after-the-count");
    await context.setOffline(false);
    await allRecorded(page);
    const { lines } = await countOf(server, id);
    assert.deepEqual([lines.get("1001").variance, lines.get("1001").quantityAfter], [0, 5]);
    await visitor.leave(NO_NETWORK);
  });

  test("an answer that is lost has it sent again, and recorded once", async () => {
    const id = await start(server, { skuIds: ["1004"] });
    // A service worker would hide the requests from the test.
    const visitor = await Visitor.come(browser, server.origin, { serviceWorkers: "block" });
    const { page } = visitor;
    let lost = 0;
    await page.route("**/graphql", async (route) => {
      if (lost > 1 || !route.request().postData()?.includes("ConsoleCountRecord")) return route.fallback();
      lost += 1;
      await route.fetch();
      return route.abort("connectionreset");
    });
    await count(page, server.origin, id);
    await scan(page, "1004", "*9");
    await shows(page, "1004", 9);
    await allRecorded(page);
    assert.equal(lost, 2);
    const { lines, observations } = await countOf(server, id);
    assert.equal(lines.get("1004").quantity, 9);
    const keys = observations.map((it) => it.idempotencyKey);
    assert.equal(new Set(keys).size, keys.length);
    assert.ok(observations.length <= 2);
    await visitor.leave([...NO_NETWORK, /ServiceWorker/i]);
  });

  test("the server is gone while somebody counts, and comes back", async () => {
    const id = await start(server, { skuIds: ["1002", "1003"] });
    const visitor = await Visitor.come(browser, server.origin);
    const { page } = visitor;
    await count(page, server.origin, id);
    await server.kill();
    await scan(page, "1002", "*4", "1003", "*5");
    await shows(page, "1003", 5);
    await page.getByText(/wait for the network/).waitFor();
    await server.run();
    await allRecorded(page);
    const { lines } = await countOf(server, id);
    assert.deepEqual([lines.get("1002").quantity, lines.get("1003").quantity], [4, 5]);
    await visitor.leave([...NO_NETWORK, /50[0-9]/]);
  });

  test("a tab that is gone right after a scan has lost nothing", async () => {
    const id = await start(server, { skuIds: ["1002", "1003"] });
    const visitor = await Visitor.come(browser, server.origin);
    const { page, context } = visitor;
    await count(page, server.origin, id);
    await context.setOffline(true);
    await scan(page, "1002", "*6", "1003");
    await shows(page, "1003", 1);
    await page.close();
    await context.setOffline(false);
    // The list sends it, too.
    const next = await visitor.newPage();
    await next.goto(`${server.origin}/console/counts`);
    const open = next.getByRole("listitem").filter({ hasText: `Count ${id}` });
    await open.getByText("0 of 2 counted").or(open.getByText("2 of 2 counted")).waitFor();
    await count(next, server.origin, id);
    await allRecorded(next);
    const { lines } = await countOf(server, id);
    assert.deepEqual([lines.get("1002").quantity, lines.get("1003").quantity], [6, 1]);
    // The service worker's script may have been on its way when the tab was closed.
    await visitor.leave([...NO_NETWORK, /An unknown error occurred when fetching the script\.$/]);
  });

  test("what was counted is sent from whatever view is shown, which tells of it meanwhile", async () => {
    const id = await start(server, { skuIds: ["1002", "1003"] });
    const visitor = await Visitor.come(browser, server.origin);
    const { page, context } = visitor;
    await count(page, server.origin, id);
    await page.getByText("Works without a network").waitFor();
    await context.setOffline(true);
    await scan(page, "1002", "*6", "1003");
    await shows(page, "1003", 1);
    await page.goto(`${server.origin}/console/stock`);
    const waiting = page.getByRole("link", { name: "Counted, not sent: 2" });
    await waiting.waitFor();
    await look(page, "counts-waiting-elsewhere");
    await page.setViewportSize(PHONE.viewport);
    await look(page, "counts-waiting-elsewhere-phone");
    assert.match(await waiting.getAttribute("href"), new RegExp(`/console/counts/${id}\\?mode=count$`));
    await context.setOffline(false);
    await waiting.waitFor({ state: "detached" });
    const { lines } = await countOf(server, id);
    assert.deepEqual([lines.get("1002").quantity, lines.get("1003").quantity], [6, 1]);
    await visitor.leave([...NO_NETWORK, /50[0-9]/]);
  });

  test("the console's own address comes up without a network", async () => {
    const id = await start(server, { skuIds: ["1002"] });
    const visitor = await Visitor.come(browser, server.origin);
    const { page, context } = visitor;
    await count(page, server.origin, id);
    await page.getByText("Works without a network").waitFor();
    await context.setOffline(true);
    for (const path of ["/console", "/console/"]) {
      await page.goto(`${server.origin}${path}`);
      await page.getByRole("heading", { level: 1, name: "Stock" }).waitFor();
    }
    await visitor.leave(NO_NETWORK);
  });

  test("the service worker comes with counting alone, and keeps nothing but the console", async () => {
    const id = await start(server, { skuIds: ["1002"] });
    const visitor = await Visitor.come(browser, server.origin);
    const { page } = visitor;
    const workers = () =>
      page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
    for (const path of ["/stock", "/counts", `/counts/${id}`]) {
      await page.goto(`${server.origin}/console${path}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      assert.equal(await workers(), 0, path);
    }
    await count(page, server.origin, id);
    await page.getByText("Works without a network").waitFor();
    await scan(page, "1002");
    await allRecorded(page);
    const kept = await page.evaluate(async () => {
      const names = await caches.keys();
      const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return all.flat().map(({ url }) => new URL(url).pathname);
    });
    assert.ok(kept.includes("/console"));
    assert.deepEqual(kept.filter((path) => path !== "/console" && !path.startsWith("/assets/")), []);
    // GraphiQL's editor alone has megabytes.
    assert.deepEqual(kept.filter((path) => /worker|monaco/i.test(path)), []);
    await visitor.leave([/WebSocket/]);
  });

  test("a browser that fails to keep something keeps it as soon as it can", async () => {
    const id = await start(server, { skuIds: ["1002", "1003", "1004"] });
    const visitor = await Visitor.come(browser, server.origin);
    const { page, context } = visitor;
    await page.addInitScript(() => {
      const { transaction } = IDBDatabase.prototype;
      IDBDatabase.prototype.transaction = function (...given) {
        if (globalThis.full) throw new DOMException("no room", "QuotaExceededError");
        return transaction.apply(this, given);
      };
    });
    await count(page, server.origin, id);
    await page.getByText("Works without a network").waitFor();
    await context.setOffline(true);
    await page.evaluate(() => (globalThis.full = true));
    await scan(page, "1002", "*6", "1003");
    await shows(page, "1003", 1);
    await page.getByText("This browser keeps nothing.").waitFor();
    await page.evaluate(() => (globalThis.full = false));
    await scan(page, "1004");
    await shows(page, "1004", 1);
    await page.getByText("This browser keeps nothing.").waitFor({ state: "detached" });
    await page.reload();
    await page.getByText("3 wait for the network").waitFor();
    await context.setOffline(false);
    await allRecorded(page);
    const { lines } = await countOf(server, id);
    assert.deepEqual(["1002", "1003", "1004"].map((it) => lines.get(it).quantity), [6, 1, 1]);
    await visitor.leave(NO_NETWORK);
  });

  test("two tabs of one browser send what either has counted, once", async () => {
    const id = await start(server, { skuIds: ["1002", "1003"] });
    const visitor = await Visitor.come(browser, server.origin);
    const { page, context } = visitor;
    const other = await visitor.newPage();
    await count(page, server.origin, id);
    await count(other, server.origin, id);
    await context.setOffline(true);
    await page.bringToFront();
    await scan(page, "1002", "1002");
    await shows(page, "1002", 2);
    await other.bringToFront();
    await scan(other, "1003", "1002");
    // It has heard of what the other tab has counted.
    await shows(other, "1002", 3);
    await context.setOffline(false);
    await allRecorded(other);
    await allRecorded(page);
    const { lines, observations } = await countOf(server, id);
    assert.deepEqual([lines.get("1002").quantity, lines.get("1003").quantity], [3, 1]);
    const keys = observations.map((it) => it.idempotencyKey);
    assert.equal(new Set(keys).size, keys.length);
    await visitor.leave(NO_NETWORK);
  });

  test("what arrives after the end of its stocktake is refused and shown", async () => {
    const id = await start(server, { skuIds: ["1005"] });
    const visitor = await Visitor.come(browser, server.origin);
    const { page, context } = visitor;
    await count(page, server.origin, id);
    await context.setOffline(true);
    await scan(page, "1005", "*3");
    await shows(page, "1005", 3);
    await server.ask(
      "mutation ($id: ID!) { inventoryCountAbandon(input: { countId: $id }) { userErrors { code } } }",
      { id },
    );
    await context.setOffline(false);
    await page.getByText("The count was completed or abandoned before this arrived.").first().waitFor();
    await page.setViewportSize(PHONE.viewport);
    await look(page, "counts-counting-phone-closed");
    const { observations } = await countOf(server, id);
    assert.deepEqual(observations, []);
    await visitor.leave(NO_NETWORK);
  });
});
