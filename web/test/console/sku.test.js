/** One SKU: its chart, what explains a change, its entries, and giving back what was taken. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launch, Visitor } from "../browser.js";
import { Server } from "../server.js";
import { look } from "./look.js";

const WAIT_MS = 60_000;
const HOSTILE = `<b>"not bold"</b>\n\u202Eright to left ${"long ".repeat(80)}`.slice(0, 500);

describe("a SKU", () => {
  let browser, server;
  before(async () => {
    browser = await launch();
    // The shop has five weeks of history, and one SKU that sold out.
    server = await Server.start({ demo: true, env: { STOCKFLOW_REFUSALS__WRITE_INTERVAL_MS: "100" } });
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const visit = async (path, use, { expected, ...options } = {}) => {
    const visitor = await Visitor.come(browser, server.origin, { waitMs: WAIT_MS, ...options });
    await visitor.page.goto(`${server.origin}/console${path}`);
    await use(visitor.page, visitor);
    await visitor.leave(expected);
  };
  const plot = (page) => page.getByRole("slider", { name: "Amount over time" });
  const drawn = async (page) => {
    await plot(page).locator("canvas").waitFor();
    return (await plot(page).boundingBox()) ?? assert.fail("the chart is not there");
  };
  const parameter = (page, name) => new URL(page.url()).searchParams.get(name);
  const drag = async (page, from, to) => {
    const { x, y, width, height } = await drawn(page);
    const at = (part) => x + 60 + (width - 80) * part;
    await page.mouse.move(at(from), y + height / 2);
    await page.mouse.down();
    await page.mouse.move(at((from + to) / 2), y + height / 2, { steps: 4 });
    await page.mouse.move(at(to), y + height / 2, { steps: 4 });
    await page.mouse.up();
  };
  const entries = (page) => page.getByRole("list", { name: "Flow" }).getByRole("listitem");

  test("the chart is drawn, tells the entry under the pointer, and zooms into what is dragged over", async () => {
    await visit("/sku/1006?range=all", async (page) => {
      const { x, y, width, height } = await drawn(page);
      const readout = page.locator("[data-readout=amount]");
      await page.mouse.move(x + 60 + (width - 80) / 2, y + height / 2);
      await readout.getByText("→").waitFor();
      assert.match(await readout.innerText(), /(Deduction|Refund|Replenishment|Adjustment)/);
      await drag(page, 0.3, 0.5);
      await page.waitForURL(/from=/);
      const wide = Date.parse(parameter(page, "to")) - Date.parse(parameter(page, "from"));
      assert.ok(wide > 5 * 86_400_000 && wide < 9 * 86_400_000, `a fifth of five weeks, not ${wide} ms`);
      // The same by the keyboard: closer, and back.
      await plot(page).focus();
      const before = page.url();
      await page.keyboard.press("+");
      await page.waitForFunction((url) => location.href !== url, before);
      await page.keyboard.press("0");
      await page.waitForFunction(() => !location.search.includes("from="));
    });
  });

  test("the keyboard goes from point to point, and opens the entry", async () => {
    await visit("/sku/1006?range=all", async (page) => {
      await drawn(page);
      await plot(page).focus();
      await page.keyboard.press("Home");
      await page.waitForFunction(() => document.activeElement.getAttribute("aria-valuetext").startsWith("Opening"));
      await page.keyboard.press("ArrowRight");
      await page.waitForFunction(() => document.activeElement.getAttribute("aria-valuenow") === "1");
      await page.keyboard.press("Enter");
      await page.getByRole("dialog", { name: /^Entry / }).waitFor();
      assert.notEqual(parameter(page, "flow"), null);
    });
  });

  test("what explains a change adds up, cause by cause", async () => {
    await visit("/sku/1006?range=all", async (page) => {
      await drawn(page);
      await page.getByText("Explains", { exact: true }).click();
      await drag(page, 0.2, 0.8);
      await page.waitForURL(/explainFrom=/);
      const section = page.getByRole("region", { name: "What explains the change" });
      const number = async (locator) => Number((await locator.innerText()).replace(/[^\d−+-]/g, "").replace("−", "-"));
      const end = (name) => section.locator(".sku-ends > div").filter({ hasText: name }).locator("strong");
      await section.getByRole("button", { name: "The range of the chart" }).waitFor();
      await section.locator("[aria-busy=false] .sku-causes").waitFor();
      const nets = await section.locator(".sku-net").allInnerTexts();
      const sum = nets.reduce((total, text) => total + Number(text.replace("−", "-")), 0);
      assert.equal(await number(end("Before")) + sum, await number(end("After")));
      assert.equal(await number(end("Change")), sum);
      // A cause leads to its entries, and an entry to all that it says.
      await section.locator("details").first().locator("summary").click();
      await section.locator(".sku-cause-entries a").first().click();
      await page.getByRole("dialog", { name: /^Entry / }).waitFor();
      assert.notEqual(parameter(page, "explainFrom"), null);
    });
  });

  test("the flow is filtered by kind, actor and order line, page by page, and the address keeps it", async () => {
    await visit("/sku/1006", async (page) => {
      await entries(page).first().waitFor();
      assert.equal(await entries(page).count(), 50);
      await page.getByRole("button", { name: "Show more" }).click();
      await page.waitForFunction(() => document.querySelectorAll(".entries > li").length > 50);
      await page.locator(".sku-kinds").getByText("Refund", { exact: true }).click();
      await entries(page).filter({ hasText: "Deduction" }).first().waitFor({ state: "detached" });
      await entries(page).filter({ hasText: "Refund" }).first().waitFor();
      await page.getByLabel("Actor").fill("support");
      await page.keyboard.press("Enter");
      await page.waitForURL(/actor=support/);
      await page.reload();
      await entries(page).first().waitFor();
      assert.ok((await entries(page).allInnerTexts()).every((it) => it.includes("support") && it.includes("Refund")));
      await page.keyboard.press("/");
      await page.keyboard.type("no such line\n");
      await page.getByText("No entry fits").waitFor();
      await page.getByRole("button", { name: "Show all entries" }).click();
      await entries(page).filter({ hasText: "Deduction" }).first().waitFor();
    });
  });

  test("a deduction is refunded in two steps, until nothing is left of it", async () => {
    await server.create("7001", 10);
    const flowId = await server.deduct("7001", 5, "order-given-back");
    await visit(`/sku/7001?flow=${flowId}`, async (page) => {
      const giveBack = async (units, reason) => {
        await page.getByRole("button", { name: "Refund", exact: true }).click();
        await page.getByLabel("Units to refund").fill(units);
        await page.getByLabel("Reason").last().fill(reason);
        await page.keyboard.press("Enter");
      };
      await page.getByText("5 of 5 can be refunded.").waitFor();
      await giveBack("6", "");
      await page.getByText("A whole number from 1 to 5.").waitFor();
      await page.getByLabel("Units to refund").fill("2");
      await page.keyboard.press("Enter");
      // Before and after, of the stock and of what is left.
      const reviewed = await page.locator(".before-after").allInnerTexts();
      assert.match(reviewed[0], /5[\s\S]*7[\s\S]*\+2/);
      assert.match(reviewed[1], /5[\s\S]*3[\s\S]*[-−]2/);
      await page.keyboard.press("Enter");
      await page.getByText("2 refunded; SKU 7001 has 7 now.").waitFor();
      await page.getByText("3 of 5 can be refunded.").waitFor();
      // Somebody else gives back meanwhile: what is left is told, and not taken twice.
      await giveBack("3", "arrived broken");
      await server.ask(
        "mutation ($input: InventoryRefundInput!) { inventoryRefund(input: $input) { userErrors { code } } }",
        { input: { flowId, quantity: 1, idempotencyKey: "meanwhile" } },
      );
      await page.getByRole("button", { name: "Confirm" }).click();
      await page.getByText("Only 2 are left to refund.").waitFor();
      await page.getByRole("button", { name: "Change it" }).click();
      await page.getByLabel("Units to refund").fill("2");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Enter");
      await page.getByText("2 refunded; SKU 7001 has 10 now.").waitFor();
      await page.getByText("0 of 5 can be refunded.").waitFor();
      assert.equal(await page.getByRole("button", { name: "Refund", exact: true }).count(), 0);
      const linked = page.getByRole("dialog").locator(".entry-linked li");
      assert.equal(await linked.count(), 3);
      await linked.last().getByRole("link").click();
      await page.getByRole("heading", { name: "Refund of" }).waitFor();
      await page.keyboard.press("Escape");
      await entries(page).filter({ hasText: "Refund" }).first().waitFor();
    });
  });

  test("refused demand is drawn beneath the amount, and sold-out times are named", async () => {
    await server.create("7002", 3);
    await server.deduct("7002", 3, "order-the-last");
    const refused = await server.refuse("7002", 4, "order-in-vain");
    assert.equal(refused, "INSUFFICIENT_STOCK");
    await server.until("refusals are written", async () => {
      const { inventoryRefusals } = await server.ask(
        '{ inventoryRefusals(where: {skuId: ["7002"]}) { nodes { unitsMissing } } }',
      );
      return inventoryRefusals.nodes[0]?.unitsMissing === "4";
    });
    await visit("/sku/7002?range=today", async (page) => {
      await page.getByText("In all 1 refused, 4 units missing.").waitFor();
      await page.getByRole("slider", { name: "Refused demand" }).focus();
      await page.keyboard.press("End");
      await page.locator("[data-readout=refused]").getByText("1 refused: 4 units asked for, 4 missing").waitFor();
      await page.getByText("Still out").waitFor();
      await page.getByText("Refused demand as a table").click();
      await page.getByRole("row").filter({ hasText: /4\s*4$/ }).waitFor();
    });
  });

  test("of more entries than can be told apart, the sums are drawn", async () => {
    await server.create("7005", 5_000);
    const lines = Array.from({ length: 2_100 }, (_, nth) => `many-${nth}`);
    await server.ask(
      "mutation ($input: InventoryDeductManyInput!) { inventoryDeductMany(input: $input) { __typename } }",
      {
        input: {
          lines: lines.map((line) => ({ skuId: "7005", quantity: 2, orderDetailId: line, idempotencyKey: line })),
        },
      },
    );
    await visit("/sku/7005", async (page) => {
      await page.getByText("2,101 entries, from 0 to 800.").waitFor();
      await page.getByText("every hour is drawn").waitFor();
      await page.getByRole("button", { name: "Explain 2,101 entries" }).click();
      await page.locator(".sku-net").getByText("-4,200").waitFor();
      await page.getByText("The amounts as a table").click();
      await page.getByRole("region", { name: "Amount over time" }).getByRole("row").filter({ hasText: /800$/ }).waitFor();
    });
  });

  test("what one sells, another sees at the top of the flow", async () => {
    await server.create("7003", 20);
    await visit("/sku/7003", async (page) => {
      await page.locator(".sku-amount").getByText("20").waitFor();
      await page.getByText("Live", { exact: true }).waitFor();
      await entries(page).filter({ hasText: "Opening" }).waitFor();
      await server.deduct("7003", 4, "order-seen-live");
      await page.locator(".sku-amount").getByText("16").waitFor();
      await entries(page).first().getByText("order-seen-live").waitFor();
      await page.getByText("2 entries, from 0 to 16").waitFor();
    });
  });

  test("what others wrote keeps to its place, whatever it is", async () => {
    await server.create("7004", 9);
    const line = `\u202E<i>line</i>${"x".repeat(90)}`;
    await server.deduct("7004", 1, line);
    await server.ask(
      "mutation ($input: InventoryReplenishInput!) { inventoryReplenish(input: $input) { userErrors { code } } }",
      { input: { skuId: "7004", quantity: 1, reason: HOSTILE, idempotencyKey: "hostile" } },
    );
    await visit("/sku/7004", async (page) => {
      await entries(page).filter({ hasText: "not bold" }).waitFor();
      const wide = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok((await wide()) <= 0);
      await page.setViewportSize({ width: 390, height: 844 });
      assert.ok((await wide()) <= 0);
      await entries(page).filter({ hasText: "not bold" }).getByRole("link", { name: /^#/ }).click();
      await page.getByRole("dialog").getByText("not bold").waitFor();
      await look(page, "sku-hostile-phone");
    });
  });

  test("a SKU that is not on the books is told so", async () => {
    await visit("/sku/424242", async (page) => {
      await page.getByText("This SKU is not on the books").waitFor();
      assert.equal(await page.getByRole("button", { name: "Replenish" }).count(), 0);
      await page.goto(`${server.origin}/console/sku/shirt`);
      await page.getByText("This SKU is not on the books").waitFor();
      await look(page, "sku-not-found");
      await page.getByRole("link", { name: "To the stock" }).click();
      await page.getByRole("heading", { name: "Stock" }).waitFor();
    });
  });

  test("an entry that does not exist is told so, and closing it shows the SKU", async () => {
    await visit("/sku/1001?flow=99999999", async (page) => {
      await page.getByText("There is no such entry").waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      assert.equal(parameter(page, "flow"), null);
    });
  });

  test("both themes and both languages can be read by all", async () => {
    await visit("/sku/1006?range=30d", async (page) => {
      await drawn(page);
      await entries(page).first().waitFor();
      await page.locator(".sku-causes").waitFor();
      await look(page, "sku");
      await page.getByLabel("Language").selectOption("zh-CN");
      await page.getByRole("heading", { name: "库存量变化" }).waitFor();
      await page.locator(".plot canvas").first().waitFor();
      await look(page, "sku-zh");
      await page.getByLabel("语言").selectOption("en");
      await entries(page).filter({ hasText: "Deduction" }).first().getByRole("link", { name: /^#/ }).click();
      await page.getByRole("button", { name: "Find the seal over it" }).click();
      await page.getByText("No seal is over this entry yet.").waitFor();
      await look(page, "sku-entry");
      await page.getByRole("button", { name: "Refund", exact: true }).click();
      await page.getByLabel("Units to refund").waitFor();
      await look(page, "sku-refund");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Confirm" }).waitFor();
      await look(page, "sku-refund-review");
    });
    await visit(
      "/sku/9001?range=all",
      async (page) => {
        await drawn(page);
        await entries(page).first().waitFor();
        await page.locator(".sku-causes").waitFor();
        await look(page, "sku-phone");
      },
      { viewport: { width: 390, height: 844 } },
    );
  });
});

describe("a SKU, with a token that may see stock only", () => {
  let browser, server;
  before(async () => {
    browser = await launch();
    server = await Server.start({ demo: true, apiKeys: true });
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  test("the amount is shown, and what the rest would take", async () => {
    const token = await server.token("stock:read");
    const visitor = await Visitor.come(browser, server.origin, { waitMs: WAIT_MS });
    const { page } = visitor;
    await page.goto(`${server.origin}/console/sku/1001`);
    await page.getByText("Say who you are").waitFor();
    await page.getByRole("button", { name: "Enter a token" }).click();
    await page.getByLabel("Token", { exact: true }).fill(token);
    await page.keyboard.press("Enter");
    await page.locator(".sku-amount").waitFor();
    await page.getByText("It needs the scope audit:read.").waitFor();
    assert.equal(await page.getByRole("alert").count(), 1);
    await look(page, "sku-forbidden");
    await visitor.leave([/401|403/, /WebSocket/]);
  });
});
