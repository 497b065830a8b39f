/** The audit: what happened, what it comes to, whether it can be right, and how it is taken elsewhere. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";

import { launch, Visitor } from "../browser.js";
import { Server } from "../server.js";
import { look } from "./look.js";

const run = promisify(execFile);
const REFUSED = [/^403: /, /^console: Failed to load resource/];
const HOSTILE = `<img src=x onerror="alert(1)"> \u202e${"long ".repeat(80)}\nend`;

describe("audit", () => {
  let browser, server, damaged;
  before(async () => {
    browser = await launch();
    server = await Server.start({ demo: true });
    await server.create("7001", 100);
    await sell("7001", 3, "twice", "first");
    await sell("7001", 3, "twice", "again");
    await server.ask(
      "mutation ($input: InventorySetQuantityInput!) { inventorySetQuantity(input: $input) { userErrors { code } } }",
      { input: { skuId: "7001", quantity: 20, changeFromQuantity: 94, reason: HOSTILE, idempotencyKey: "counted" } },
    );
    await run(
      process.env.STOCKFLOW_SERVER,
      ["audit", "seal", "--output", path.join(server.folder, "seal.json")],
      { env: server.environment },
    );
    // Of an entry that sold one, somebody makes two, past the server.
    damaged = await sell("7001", 1, "changed", "changed");
    await sql(`UPDATE t_inventory_flow SET quantity_trade = 2 WHERE id = ${damaged}`);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const sell = async (skuId, quantity, orderDetailId, idempotencyKey) => {
    const { inventoryDeduct } = await server.ask(
      "mutation ($input: InventoryDeductInput!) { inventoryDeduct(input: $input) { flow { id } userErrors { code } } }",
      { input: { skuId, quantity, orderDetailId, idempotencyKey } },
    );
    return inventoryDeduct.flow.id;
  };
  const sql = (statement) =>
    run("python3", [
      "-c",
      "import sqlite3, sys\nwith sqlite3.connect(sys.argv[1], timeout=30) as books: books.execute(sys.argv[2])",
      path.join(server.folder, "stock.db"),
      statement,
    ]);
  const visit = async (at, use, { to = server, expected, ...options } = {}) => {
    const visitor = await Visitor.come(browser, to.origin, options);
    await visitor.page.goto(`${to.origin}/console/audit/${at}`);
    await use(visitor.page, visitor);
    await visitor.leave(expected);
  };
  const rows = (page) => page.locator("tbody tr");
  const figure = async (page, label) =>
    (await page.locator(".figures div", { hasText: label }).first().locator("dd").textContent()).replaceAll(",", "");

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
        await finding.getByRole("link", { name: `#${damaged}` }).click();
        await page.waitForURL(`**/console/sku/7001?flow=${damaged}`);
        await page.getByRole("dialog", { name: `Entry ${damaged}` }).waitFor();
      });
    });

    test("its hash does not fit, and in Chinese too", async () => {
      await visit("verification?find=7001", async (page) => {
        await page.getByLabel("Language").selectOption("zh-CN");
        await page.getByRole("button", { name: "开始校验" }).click();
        await page.getByText("有一条被改动的流水").waitFor();
        await page.getByRole("link", { name: `#${damaged}` }).waitFor();
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
      const { inventoryFlowSummary } = await server.ask(
        "{ inventoryFlowSummary(groupBy: [KIND]) { nodes { kind entryCount unitsOut unitsIn } } }",
      );
      await rows(page).first().waitFor();
      const sum = (of) => String(inventoryFlowSummary.nodes.reduce((all, it) => all + Number(of(it)), 0));
      assert.equal(await figure(page, "Entries"), sum((it) => it.entryCount));
      assert.equal(await figure(page, "Units out"), sum((it) => it.unitsOut));
      assert.equal(await figure(page, "Units in"), sum((it) => it.unitsIn));
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

  test("what others write comes in at the top, but not while the list is paused", async (it) => {
    if (process.env.STOCKFLOW_WITHOUT_LIVE) return it.skip("the server has no subscriptions");
    await visit("history?find=1001", async (page) => {
      await rows(page).first().waitFor();
      await page.getByText("Live", { exact: true }).waitFor();
      await sell("1001", 1, "live-1", "live-1");
      await rows(page).first().getByRole("link", { name: "live-1" }).waitFor();
      await page.locator("h1").click();
      await page.keyboard.press("p");
      await sell("1001", 1, "live-2", "live-2");
      await page.getByText("Entries that wait: 1").waitFor();
      assert.equal(await page.getByRole("link", { name: "live-2" }).count(), 0);
      await page.keyboard.press("p");
      await rows(page).first().getByRole("link", { name: "live-2" }).waitFor();
    });
  });

  test("what was written while the connection was lost comes in once it is back", async (it) => {
    if (process.env.STOCKFLOW_WITHOUT_LIVE) return it.skip("the server has no subscriptions");
    const lost = [/WebSocket/, /^50\d: /, /^console: Failed to load resource/];
    const use = async (page) => {
      await rows(page).first().waitFor();
      await page.getByText("Live", { exact: true }).waitFor();
      await server.kill();
      await page.getByText("Connection lost.").waitFor();
      await server.run();
      const id = await sell("1002", 1, "while-lost", "while-lost");
      await rows(page).first().getByRole("link", { name: `#${id}` }).waitFor();
      assert.equal(await page.getByRole("link", { name: `#${id}` }).count(), 1);
    };
    await visit("history?find=1002", use, { expected: lost });
  });

  test("an entry is shown to be beneath a seal, and another not", async () => {
    await visit("seals", async (page) => {
      await page.getByRole("button", { name: "Copy the statement of seal 1" }).waitFor();
      await page.keyboard.press("/");
      await page.keyboard.type("5\n");
      await page.getByText("Entry #5 is beneath seal 1").waitFor();
      assert.equal(await page.locator(".steps .held").count(), 4);
      const kept = JSON.parse(await readFile(path.join(server.folder, "seal.json"), "utf8"));
      await page.getByText(kept.hash).waitFor();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Save seal 1 as a file" }).click(),
      ]);
      const saved = JSON.parse(await readFile(await download.path(), "utf8"));
      assert.equal(saved.statement, kept.statement);
      await page.getByRole("searchbox").first().fill(damaged);
      await page.keyboard.press("Enter");
      await page.getByText(`Entry #${damaged} is not beneath this seal`).waitFor();
    });
  });

  describe("export", () => {
    const inMemory = () => delete window.showSaveFilePicker;
    const exported = async (page, format) => {
      await page.getByRole("button", { name: "Export …" }).click();
      await page.getByText(format, { exact: true }).click();
      await page.getByRole("button", { name: "Save file" }).click();
    };

    for (const [format, name] of [["CSV", "flows.csv"], ["JSON Lines", "flows.jsonl"]]) {
      test(`${format} is saved with the filter of the screen, and is what its manifest says`, async () => {
        await visit("history?find=1001,7001", async (page, visitor) => {
          await visitor.context.addInitScript(inMemory);
          await page.reload();
          await rows(page).first().waitFor();
          const [download] = await Promise.all([page.waitForEvent("download"), exported(page, format)]);
          await page.getByText("The file is whole.").waitFor();
          assert.equal(download.suggestedFilename(), name);
          const bytes = await readFile(await download.path());
          const last = bytes.lastIndexOf("\n", bytes.length - 2) + 1;
          const line = bytes.subarray(last).toString().trim();
          const manifest =
            format === "CSV"
              ? JSON.parse(line.replace(/^#manifest,"|"$/g, "").replaceAll('""', '"'))
              : JSON.parse(line).manifest;
          assert.deepEqual(manifest.filter, { skuId: ["1001", "7001"] });
          assert.equal(createHash("sha256").update(bytes.subarray(0, last)).digest("hex"), manifest.sha256);
          await page.getByText(`Saved and checked: ${manifest.rows} entries`).waitFor();
          await page.getByText(manifest.sha256).waitFor();
          if (format === "CSV") await look(page, "audit-export");
        });
      });
    }

    test("where a browser writes to files the bytes go there, and the file is closed once it is whole", async () => {
      await visit("history?find=1002", async (page, visitor) => {
        await visitor.context.addInitScript(() => {
          window.written = { names: [], bytes: 0, closed: 0, aborted: 0 };
          window.showSaveFilePicker = async ({ suggestedName }) => {
            window.written.names.push(suggestedName);
            return {
              createWritable: async () => ({
                write: async (piece) => void (window.written.bytes += piece.length),
                close: async () => void (window.written.closed += 1),
                abort: async () => void (window.written.aborted += 1),
              }),
            };
          };
        });
        await page.reload();
        const whole = await (await fetch(`${server.origin}/export/flows.csv?skuId=1002`)).arrayBuffer();
        await exported(page, "CSV");
        await page.getByText("The file is whole.").waitFor();
        const written = { names: ["flows.csv"], bytes: whole.byteLength, closed: 1, aborted: 0 };
        assert.deepEqual(await page.evaluate(() => window.written), written);
        // Another one is under way when the visitor thinks better of it.
        let asked;
        await page.route("**/export/**", (route) => new Promise((go) => (asked = () => go(route.abort()))));
        await page.getByRole("button", { name: "Save file" }).click();
        await page.getByRole("button", { name: "Abort" }).click();
        await page.getByText("Aborted at 0 entries. No file was saved.").waitFor();
        asked?.();
        assert.equal(await page.evaluate(() => window.written.closed), 1);
      });
    });

    test("what was cut off or changed on the way is told, and not saved", async () => {
      await visit("history?find=1001", async (page, visitor) => {
        await visitor.context.addInitScript(inMemory);
        await page.reload();
        page.on("download", () => visitor.complaints.push("a part was saved"));
        const whole = await (await fetch(`${server.origin}/export/flows.jsonl?skuId=1001`)).text();
        const bodies = [whole.slice(0, whole.length / 2), whole.replace("DEDUCTION", "DEDUCTIOM")];
        await page.route("**/export/**", (route) => route.fulfill({ body: bodies.shift() }));
        await exported(page, "JSON Lines");
        await page.getByText("The transfer was cut off").waitFor();
        await page.getByRole("button", { name: "Save file" }).click();
        await page.getByText("The file is not what its manifest says.").waitFor();
      });
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
          await page.goto(`${server.origin}/console/audit/${view}`);
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
