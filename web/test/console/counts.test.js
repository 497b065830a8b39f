/** Stocktakes: beginning one, counting it, looking it through, and putting it on the books. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launch, Visitor } from "../browser.js";
import { Server } from "../server.js";
import { look } from "./look.js";
import { allRecorded, amount, count, countOf, openShop, record, scan, shows, start } from "./stocktake.js";

const PHONE = { viewport: { width: 390, height: 844 } };

describe("counts", () => {
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

  const visit = async (path, use, options) => {
    const visitor = await Visitor.come(browser, server.origin, options);
    await visitor.page.goto(`${server.origin}/console${path}`);
    await use(visitor.page, visitor);
    await visitor.leave();
  };
  const row = (page, skuId) =>
    page.getByRole("row").filter({ has: page.getByRole("link", { name: skuId, exact: true }) });

  test("a whole stocktake by the keyboard, while the shop sells", async () => {
    await visit("/counts", async (page) => {
      await page.getByRole("button", { name: "Start a count" }).focus();
      await page.keyboard.press("Enter");
      await page.getByLabel("SKUs, typed").waitFor();
      await page.keyboard.type("1001, shirt");
      await page.getByLabel("Reason").press("Enter");
      await page.getByText("SKUs are whole numbers above 0").waitFor();
      await page.getByLabel("SKUs, typed").fill("1001 1002\n1003");
      await page.getByLabel("Reason").fill("aisle 4");
      await page.keyboard.press("Enter");
      await page.getByText("Ready to scan").waitFor();
      const id = new URL(page.url()).pathname.split("/").at(-1);

      await scan(page, "1001", "1001", "1001");
      await shows(page, "1001", 3);
      await scan(page, "*9");
      await shows(page, "1001", 9);
      await scan(page, "1002");
      await shows(page, "1002", 1);
      await page.getByLabel("All on the shelf").fill("10");
      await page.keyboard.press("Enter");
      await shows(page, "1002", 10);
      // The field is free for the next scan again.
      await scan(page, "1003");
      await shows(page, "1003", 1);
      await page.getByRole("button", { name: "Shelf is empty" }).press("Enter");
      await shows(page, "1003", 0);
      await allRecorded(page);
      await server.deduct("1001", 2, "sold-while-counting");

      await page.getByRole("link", { name: "Review" }).press("Enter");
      await row(page, "1001").getByText("-1", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Complete…" }).press("Enter");
      await page.getByText("To be adjusted: 2; units over: 0, short: 11.").waitFor();
      await page.getByText("8 → 7").waitFor();
      await page.getByRole("button", { name: "Put it on the books" }).press("Enter");
      await page.getByText(`Count ${id} is on the books.`).waitFor();
      await row(page, "1001").getByRole("link", { name: /^Entry \d+$/ }).waitFor();
      assert.equal(await amount(server, "1001"), 7);
      assert.equal(await amount(server, "1002"), 10);
      assert.equal(await amount(server, "1003"), 0);
      const { status, reason } = await countOf(server, id);
      assert.deepEqual([status, reason], ["COMPLETED", "aisle 4"]);
    });
  });

  test("what is no SKU of the count, or no quantity, is shown and not recorded", async () => {
    const id = await start(server, { skuIds: ["1004", "1005"] });
    await visit(`/counts/${id}?mode=count`, async (page) => {
      await page.getByText("Ready to scan").waitFor();
      await scan(page, "1001");
      await page.getByText("SKU 1001 is not in this count. Nothing was recorded.").waitFor();
      await scan(page, "ABC-<b>77</b>");
      await page.getByText("“ABC-<b>77</b>” is no SKU. Nothing was recorded.").waitFor();
      await scan(page, "*3");
      await page.getByText("Scan the SKU first.").waitFor();
      await scan(page, "1004");
      await shows(page, "1004", 1);
      const field = page.getByLabel("All on the shelf");
      for (const wrong of ["4006381333931", "-1", "2.5", "many"]) {
        await field.fill(wrong);
        await page.keyboard.press("Enter");
        await page.getByText(`“${wrong}” is no number of units`).waitFor();
      }
      // A scan that went into the wrong field is no quantity.
      await field.fill("1005");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "A scan of SKU 1005" }).click();
      await shows(page, "1005", 1);
      await allRecorded(page);
    });
    const { lines } = await countOf(server, id);
    assert.equal(lines.get("1004").quantity, 1);
    assert.equal(lines.get("1005").quantity, 1);
  });

  test("an entry is taken back; once it was sent, by a further observation", async () => {
    const id = await start(server, { skuIds: ["1004", "1005"] });
    await visit(`/counts/${id}?mode=count`, async (page) => {
      await page.getByText("Ready to scan").waitFor();
      await scan(page, "1004", "*6");
      await shows(page, "1004", 6);
      await allRecorded(page);
      await scan(page, "*7");
      await shows(page, "1004", 7);
      await allRecorded(page);
      await page.getByRole("button", { name: "Undo SKU 1004" }).click();
      await shows(page, "1004", 6);
      await allRecorded(page);
    });
    const { lines, observations } = await countOf(server, id);
    assert.equal(lines.get("1004").quantity, 6);
    assert.ok(observations.length >= 3);
  });

  test("two count one stocktake, and what somebody records meanwhile is not completed unseen", async () => {
    const id = await start(server, { skuIds: ["1004", "1005"] });
    const one = await Visitor.come(browser, server.origin);
    const other = await Visitor.come(browser, server.origin, PHONE);
    await count(one.page, server.origin, id);
    await count(other.page, server.origin, id);
    await scan(one.page, "1004", "*10");
    await scan(other.page, "1005", "*12");
    await allRecorded(one.page);
    await allRecorded(other.page);
    await one.page.getByRole("link", { name: "Review" }).click();
    await row(one.page, "1005").getByText("+2", { exact: true }).waitFor();
    await one.page.getByRole("button", { name: "Complete…" }).click();
    await one.page.getByText("units over: 2, short: 0").waitFor();
    await scan(other.page, "*11");
    await allRecorded(other.page);
    await one.page.getByRole("button", { name: "Put it on the books" }).click();
    await one.page.getByText("Somebody recorded more since you looked.").waitFor();
    await one.page.getByRole("button", { name: "Look again" }).click();
    await one.page.getByText("units over: 1, short: 0").waitFor();
    await one.page.getByRole("button", { name: "Put it on the books" }).click();
    await one.page.getByText(`Count ${id} is on the books.`).waitFor();
    assert.equal(await amount(server, "1005"), 11);
    await scan(other.page, "1004");
    await other.page.getByText("completed or abandoned before this arrived").waitFor();
    await other.leave();
    await one.leave();
  });

  test("a shelf of which more was sold than it had is counted again", async () => {
    await server.create("2001", 10);
    const id = await start(server, { skuIds: ["2001"] });
    await record(server, id, "2001", 1, undefined, "1");
    await server.deduct("2001", 5, "more-than-there-was");
    await visit(`/counts/${id}`, async (page) => {
      await page.getByRole("group").getByText("Recount").click();
      await row(page, "2001").getByText("Recount").first().waitFor();
      await page.getByRole("button", { name: "Complete…" }).click();
      await page.getByText("SKUs to recount: 1.").waitFor();
      await page.getByRole("button", { name: "Put it on the books" }).click();
      await page.getByText("more units went out since its shelf was counted").waitFor();
      await page.getByRole("alert").getByRole("link", { name: "Count again" }).click();
      await page.getByText("SKU 2001: how many are there?").waitFor();
      await scan(page, "*5");
      await shows(page, "2001", 5);
      await allRecorded(page);
    });
    const { lines } = await countOf(server, id);
    assert.deepEqual([lines.get("2001").variance, lines.get("2001").quantityAfter], [0, 5]);
  });

  test("SKUs that nobody has counted are left as they are only if somebody says so", async () => {
    const id = await start(server, { skuIds: ["1004", "1005"] });
    await record(server, id, "1004", 9);
    await visit(`/counts/${id}?mode=review`, async (page) => {
      await page.getByRole("button", { name: "Complete…" }).click();
      await page.getByText("SKUs that nobody has counted: 1").waitFor();
      await page.getByRole("button", { name: "Put it on the books" }).click();
      await page.getByText("Not all SKUs were counted.").waitFor();
      await page.getByLabel("Leave their amounts as they are").check();
      await page.getByRole("button", { name: "Put it on the books" }).click();
      await row(page, "1005").getByText("Left as it is").waitFor();
    });
    assert.equal(await amount(server, "1004"), 9);
  });

  test("who completes or abandons a count that has ended is told so", async () => {
    const id = await start(server, { skuIds: ["1002"] });
    await record(server, id, "1002", 3);
    await visit(`/counts/${id}`, async (page) => {
      await page.getByRole("button", { name: "Complete…" }).click();
      await page.getByText("10 → 3").first().waitFor();
      await server.ask(
        "mutation ($id: ID!) { inventoryCountAbandon(input: { countId: $id }) { userErrors { code } } }",
        { id },
      );
      await page.getByRole("button", { name: "Put it on the books" }).click();
      await page.getByText("The count was completed or abandoned already. Nothing was written.").waitFor();
    });
  });

  test("an abandoned count changes nothing", async () => {
    const id = await start(server, { skuIds: ["1002"] });
    await record(server, id, "1002", 3);
    await visit(`/counts/${id}`, async (page) => {
      await page.getByRole("button", { name: "Abandon…" }).click();
      await page.getByText("Observations recorded: 1.").waitFor();
      await page.getByRole("button", { name: "Abandon the count" }).click();
      await page.getByText("Abandoned", { exact: true }).waitFor();
    });
    assert.equal(await amount(server, "1002"), 10);
  });

  test("both themes and both languages can be read by all, on a phone, too", async () => {
    const reason = `aisle <i>9</i> ${"x".repeat(300)} \u202eolleh`;
    const id = await start(server, { reason });
    await record(server, id, "1001", 5);
    await record(server, id, "1002", 12);
    await record(server, id, "1004", 40, undefined, "1");
    const done = await start(server, { skuIds: ["1001", "1002"], reason: "aisle 2" });
    await record(server, done, "1001", 8);
    await server.ask(
      "mutation ($id: ID!) { inventoryCountComplete(input: { countId: $id, uncounted: LEAVE }) { userErrors { code } } }",
      { id: done },
    );
    await visit("/counts", async (page) => {
      await page.getByRole("link", { name: `Count ${id}`, exact: true }).waitFor();
      await look(page, "counts");
      await page.setViewportSize(PHONE.viewport);
      await look(page, "counts-phone");
      await page.getByRole("button", { name: "Start a count" }).click();
      await look(page, "counts-start-phone");
    });
    await visit(`/counts/${id}`, async (page) => {
      await row(page, "1001").waitFor();
      await look(page, "counts-review");
      await page.setViewportSize(PHONE.viewport);
      await look(page, "counts-review-phone");
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.getByRole("button", { name: "Who counted SKU 1001" }).click();
      await page.getByText("at version").waitFor();
      await look(page, "counts-observations");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Complete…" }).click();
      await page.getByText("To be adjusted").waitFor();
      await look(page, "counts-complete");
    });
    await visit(`/counts/${done}`, async (page) => {
      await row(page, "1001").waitFor();
      await look(page, "counts-result");
    });
    await visit(
      `/counts/${id}?mode=count`,
      async (page) => {
        await page.getByText("Ready to scan").waitFor();
        await look(page, "counts-counting-phone-begin");
        await scan(page, "1003", "1003", "1005", "*12");
        await shows(page, "1005", 12);
        await allRecorded(page);
        await page.getByText("Works without a network").waitFor();
        await look(page, "counts-counting-phone");
        await scan(page, "9".repeat(19));
        await page.getByText("is not in this count").waitFor();
        await look(page, "counts-counting-phone-refused");
        await page.getByLabel("Language").selectOption("zh-CN");
        await page.getByText("最近记录").waitFor();
        await look(page, "counts-counting-phone-zh");
      },
      PHONE,
    );
  });
});
