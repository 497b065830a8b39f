/** The audit: what happened, what it comes to, whether it can be right, and that it was sealed. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";

import { launch, Visitor } from "../browser.js";
import { Server } from "../server.js";
import { Books, rows } from "./audit-books.js";
import { look } from "./look.js";

const REFUSED = [/^403: /, /^console: Failed to load resource/, /WebSocket/];

describe("audit", () => {
  let browser, books;
  before(async () => {
    browser = await launch();
    books = await Books.start();
  });
  after(async () => {
    await browser?.close();
    await books?.stop();
  });

  const visit = (at, use, expected) => books.visit(browser, at, use, expected);
  const figure = async (page, label) => {
    const text = page.locator(".figures div", { hasText: label }).first().locator("dd");
    return (await text.textContent()).replaceAll(",", "");
  };

  describe("reconciliation and verification", () => {
    test("books that nobody has touched agree, and the walk is still there on another tab's way back", async () => {
      await visit("reconciliation?find=1001,1002,1003", async (page) => {
        await page.getByRole("button", { name: "Reconcile" }).click();
        await page.getByText("Everything agrees").waitFor();
        assert.equal(await figure(page, "Findings"), "0");
        await page.getByRole("link", { name: "Seals" }).click();
        await page.getByRole("heading", { name: "Is an entry beneath a seal?" }).waitFor();
        await page.getByRole("link", { name: "Reconciliation" }).click();
        await page.getByText("Everything agrees").waitFor();
      });
    });

    test("an entry that was changed is found, in words, and leads to itself", async () => {
      await visit("reconciliation", async (page) => {
        await page.getByRole("button", { name: "Reconcile" }).click();
        await page.getByText("Findings: 2, in 1 of 17 SKUs").waitFor();
        await page.getByText("What an entry says was left does not follow").waitFor();
        const finding = page.getByRole("article").filter({ hasText: "BALANCE_BREAK" });
        await finding.getByRole("link", { name: `#${books.damaged}` }).click();
        await page.waitForURL(`**/console/sku/7001?flow=${books.damaged}`);
        await page.getByRole("dialog", { name: `Entry ${books.damaged}` }).waitFor();
      });
    });

    test("its hash does not fit, and in Chinese too", async () => {
      await visit("verification?find=7001", async (page) => {
        await page.getByLabel("Language").selectOption("zh-CN");
        await page.getByRole("button", { name: "开始校验" }).click();
        await page.getByText("有一条被改动的流水").waitFor();
        await page.getByRole("link", { name: `#${books.damaged}` }).waitFor();
      });
    });

    test("a walk is stopped, and goes on where it was", async () => {
      await visit("verification", async (page) => {
        let held;
        await page.route("**/graphql", async (route) => {
          // The tenth SKU waits until the visitor has stopped the walk.
          if (held === undefined && /"skuId":"2004"/.test(route.request().postData())) {
            await new Promise((go) => (held = go));
            return route.abort().catch(() => undefined);
          }
          return route.continue();
        });
        await page.getByRole("button", { name: "Verify" }).click();
        await page.getByText("9 of 17").waitFor();
        await page.getByRole("button", { name: "Stop" }).click();
        await page.getByText("Stopped. What was examined is kept.").waitFor();
        held();
        await page.getByRole("button", { name: "Go on" }).click();
        await page.getByText("17 of 17").waitFor();
        await page.getByText("Findings: 1, in 1 of 17 SKUs").waitFor();
      });
    });
  });

  test("the summary has the sums that the API has, and each leads to its entries", async () => {
    await visit("summary?period=none&by=KIND&range=all", async (page) => {
      const { inventoryFlowSummary } = await books.server.ask(
        "{ inventoryFlowSummary(groupBy: [KIND]) { nodes { kind entryCount unitsOut unitsIn } } }",
      );
      await rows(page).first().waitFor();
      const sum = (of) =>
        String(inventoryFlowSummary.nodes.reduce((all, it) => all + Number(of(it)), 0));
      assert.equal(
        await figure(page, "Entries"),
        sum((it) => it.entryCount),
      );
      assert.equal(
        await figure(page, "Units out"),
        sum((it) => it.unitsOut),
      );
      assert.equal(
        await figure(page, "Units in"),
        sum((it) => it.unitsIn),
      );
      const refunds = inventoryFlowSummary.nodes.find((it) => it.kind === "REFUND");
      await page.getByRole("row", { name: "Refund" }).getByRole("link").click();
      await page.waitForURL("**/audit/history?kind=REFUND**");
      await rows(page).first().getByRole("link").first().waitFor();
      await page.getByRole("columnheader", { name: "Idempotency key" }).waitFor();
      while (await page.getByRole("button", { name: "Show more" }).isVisible()) {
        const before = await rows(page).count();
        await page.getByRole("button", { name: "Show more" }).click();
        await rows(page).nth(before).waitFor();
      }
      assert.equal(await rows(page).count(), Number(refunds.entryCount));
    });
  });

  test("days are those of the visitor, and the address keeps another zone", async () => {
    await visit("summary?by=none", async (page) => {
      await page.getByRole("slider", { name: "Sums over time" }).waitFor();
      await page.getByLabel("Days of").selectOption("America/New_York");
      await page.waitForURL("**zone=America%2FNew_York**");
      await rows(page).first().locator("time").waitFor();
      const start = await rows(page).first().locator("time").getAttribute("datetime");
      assert.match(start, /T0[45]:00:00/);
    });
  });

  test("what looks unusual is told in words, with its entries", async () => {
    await visit("anomalies?find=7001", async (page) => {
      const twice = page.getByRole("article").filter({ hasText: "Order line deducted twice" });
      await twice.getByText("were still taken: 3").waitFor();
      assert.equal(await twice.getByRole("link", { name: "twice" }).count(), 3);
      await page.getByText("An adjustment removed 78.7% of the amount").waitFor();
      await page.getByLabel("Clock went backwards").check({ force: true });
      await page.getByText("Nothing looks unusual").waitFor();
      await page.reload();
      await page.getByText("Nothing looks unusual").waitFor();
    });
  });

  test("the history is found by what an address says, and hostile texts stay texts", async () => {
    await visit("history?find=7001&kind=DEDUCTION,ADJUSTMENT&actor=anonymous", async (page) => {
      await rows(page).nth(3).waitFor();
      assert.equal(await rows(page).count(), 4);
      assert.equal(await page.locator("td img").count(), 0);
      await page.getByLabel("Idempotency key").fill("again");
      await page.keyboard.press("Enter");
      await rows(page).nth(1).waitFor({ state: "detached" });
      assert.match(page.url(), /key=again/);
    });
  });

  test("what others write comes in at the top, but not while the list is paused", async () => {
    await visit("history?find=1001", async (page) => {
      await rows(page).first().waitFor();
      await page.getByText("Live", { exact: true }).waitFor();
      await books.sell("1001", 1, "live-1", "live-1");
      await rows(page).first().getByRole("link", { name: "live-1" }).waitFor();
      await page.locator("h1").click();
      await page.keyboard.press("p");
      await books.sell("1001", 1, "live-2", "live-2");
      await page.getByText("Entries that wait: 1").waitFor();
      assert.equal(await page.getByRole("link", { name: "live-2" }).count(), 0);
      await page.keyboard.press("p");
      await rows(page).first().getByRole("link", { name: "live-2" }).waitFor();
    });
  });

  test("what was written while the connection was lost comes in once it is back", async () => {
    const lost = [/WebSocket/, /^50\d: /, /^console: Failed to load resource/];
    const use = async (page) => {
      await rows(page).first().waitFor();
      await page.getByText("Live", { exact: true }).waitFor();
      await books.server.kill();
      await page.getByText("Connection lost.").waitFor();
      await books.server.run();
      const id = await books.sell("1002", 1, "while-lost", "while-lost");
      await rows(page)
        .first()
        .getByRole("link", { name: `#${id}` })
        .waitFor();
      assert.equal(await page.getByRole("link", { name: `#${id}` }).count(), 1);
    };
    await visit("history?find=1002", use, lost);
  });

  test("an entry is shown to be beneath a seal, and another not", async () => {
    await visit("seals", async (page) => {
      await page.getByRole("button", { name: "Copy the statement of seal 1" }).waitFor();
      await page.keyboard.press("/");
      await page.keyboard.type("5\n");
      await page.getByText("Entry #5 is beneath seal 1").waitFor();
      assert.equal(await page.locator(".steps .held").count(), 4);
      const kept = JSON.parse(await readFile(books.seal, "utf8"));
      await page.getByText(kept.hash).waitFor();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Save seal 1 as a file" }).click(),
      ]);
      const saved = JSON.parse(await readFile(await download.path(), "utf8"));
      assert.equal(saved.statement, kept.statement);
      await page.getByRole("searchbox").first().fill(books.damaged);
      await page.keyboard.press("Enter");
      await page.getByText(`Entry #${books.damaged} is not beneath this seal`).waitFor();
    });
  });

  test("without audit:read each view says what is missing", async () => {
    const guarded = await Server.start({ apiKeys: true });
    try {
      const token = await guarded.token("stock:read");
      const visitor = await Visitor.come(browser, guarded.origin);
      await visitor.context.addInitScript(
        (value) => sessionStorage.setItem("stockflow:console:token", value),
        token,
      );
      const { page } = visitor;
      for (const view of ["history", "summary", "anomalies", "seals"]) {
        await page.goto(`${guarded.origin}/console/audit/${view}`);
        await page.getByText("It needs the scope audit:read.").waitFor();
      }
      await look(page, "audit-forbidden");
      await page.goto(`${guarded.origin}/console/audit/reconciliation`);
      await page.getByRole("button", { name: "Reconcile" }).click();
      await page.getByText("It needs the scope audit:read.").waitFor();
      await visitor.leave(REFUSED);
    } finally {
      await guarded.stop();
    }
  });

  test("every view can be read by all, in both themes and languages, and on a phone", async () => {
    await visit("history", async (page) => {
      const views = {
        history: () => rows(page).first().waitFor(),
        summary: () => page.getByRole("slider").waitFor(),
        anomalies: () => page.getByRole("article").first().waitFor(),
        reconciliation: async () => {
          await page.locator("search button").last().click();
          await page.getByRole("article").first().waitFor();
        },
        verification: async () => {
          await page.locator("search button").last().click();
          await page.getByRole("article").first().waitFor();
        },
        "seals?flow=5": () => page.locator(".steps").waitFor(),
      };
      const each = async (suffix) => {
        for (const [view, ready] of Object.entries(views)) {
          await page.goto(`${books.server.origin}/console/audit/${view}`);
          await ready();
          await look(page, `audit-${view.split("?")[0]}${suffix}`);
        }
      };
      await each("");
      await page.getByLabel("Language").selectOption("zh-CN");
      await each("-zh");
      await page.setViewportSize({ width: 390, height: 844 });
      await each("-phone");
    });
  });
});
